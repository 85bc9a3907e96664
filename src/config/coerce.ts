import type { Key } from './keys.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/**
 * What a text means for a key: a number, true or false, or pairs `name=value,name=value`.
 *
 * A text that has no such meaning comes back as it is; validation then says what was expected.
 */
export function coerce(key: Key, text: string): unknown {
  switch (key.form) {
    case 'number':
      return NUMBER.test(text.trim()) ? Number(text) : text;
    case 'boolean':
      return BOOLEANS[text.trim().toLowerCase()] ?? text;
    case 'map':
      return parsePairs(text) ?? text;
    case 'list':
    case 'text':
      return text;
    default:
      return key.form satisfies never;
  }
}

/** `name=value,name=value` as OpenTelemetry writes it, names and values percent-encoded. */
export function parsePairs(text: string): Record<string, string> | undefined {
  const pairs: [string, string][] = [];

  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const split = part.indexOf('=');
    const name = percentDecode(part.slice(0, split).trim());
    const value = percentDecode(part.slice(split + 1).trim());
    if (split < 0 || !name || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return Object.fromEntries(pairs);
}

function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
