import type { FastifyInstance } from 'fastify';

export interface Address {
  /** Empty means every address. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string;

  constructor({ host, port }: Address, code: string) {
    const shown = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    super(`cannot listen on ${shown}: ${code}${ADVICE[code] ?? ''}`);
    this.code = code;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: '; another process answers there: end it, or set listen to another port',
  EACCES: '; ports below 1024 need CAP_NET_BIND_SERVICE: set listen to a higher port',
  EADDRNOTAVAIL: '; this host has no such address: set listen to one it has',
  ENOTFOUND: '; the name does not resolve: set listen to an address',
};

/** Where IPv6 is switched off, every address means every IPv4 address. */
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/** Binds the server. `localhost` is 127.0.0.1 only. Throws a `ListenError`. */
export async function bind(app: FastifyInstance, wanted: Address): Promise<void> {
  const { port } = wanted;
  const host = wanted.host === 'localhost' ? '127.0.0.1' : wanted.host || '::';

  try {
    await app.listen({ host, port });
  } catch (error) {
    if (wanted.host !== '' || !NO_IPV6.has(codeOf(error))) throw new ListenError(wanted, codeOf(error));
    await app.listen({ host: '0.0.0.0', port }).catch((again: unknown) => {
      throw new ListenError(wanted, codeOf(again));
    });
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
