import type { Incident } from '../core/model/incident.ts';

/** JSON has no word for these; a text of ours that begins like them gets one more sign before it. */
const SIGN = '~';

/** As text that has all of it, NaN too. */
export function encode(incident: Incident): string {
  return JSON.stringify(incident, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return SIGN + value;
    return typeof value === 'string' && value.startsWith(SIGN) ? SIGN + value : value;
  });
}

/** Throws on what is no JSON: somebody else has written there. */
export function decode(text: string): Incident {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(SIGN)) return value;
    const rest = value.slice(SIGN.length);
    return rest.startsWith(SIGN) ? rest : Number(rest);
  });
}
