export interface ListenAddress {
  /** Without brackets; empty means every address. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

const ADDRESS =
  /^(?:\[(?<v6>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)?):(?<port>\d{1,5})$/;

/** Takes `host:port`, `[v6]:port` or `:port` apart, or returns nothing. */
export function parseListen(text: string): ListenAddress | undefined {
  const parts = ADDRESS.exec(text)?.groups;
  if (parts === undefined) return undefined;

  const { v6, name = '' } = parts;
  const port = Number(parts.port);
  if (port > 65_535) return undefined;
  if (v6 !== undefined) return isV6(v6) ? { host: v6, port } : undefined;
  return isNumeric(name) && !isV4(name) ? undefined : { host: name, port };
}

function isV6(text: string): boolean {
  return URL.canParse(`http://[${text.split('%')[0]}]/`);
}

function isV4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** Only digits and dots: meant as an address, not as a name. */
function isNumeric(text: string): boolean {
  return /^[\d.]+$/.test(text);
}
