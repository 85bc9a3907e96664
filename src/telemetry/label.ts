import { UNSEEN } from '../core/model/text.ts';

const LENGTH_MAX = 128;

/**
 * A label's value, fit for any reader: valid Unicode, every control character as a picture of itself, at most 128 characters.
 *
 * This is the one place through which names from the kernel reach a page or a push. A value that is cut ends in a hash of the
 * whole, so that two values that differ stay two series.
 */
export function cleanLabel(value: string): string {
  const seen = readable(value);
  if (seen.length <= LENGTH_MAX) return seen;

  const hash = `~${hashOf(value).toString(16).padStart(8, '0')}`;
  const kept = seen
    .slice(0, LENGTH_MAX - hash.length)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return kept + hash;
}

/** Text of any length, fit for any reader: valid Unicode, every control character as a picture of itself. */
export function readable(text: string): string {
  return text.toWellFormed().replace(UNSEEN, picture);
}

/** Between the quotes of either text format. */
export function quoteLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** `a="1",b="2"`, cleaned and quoted, absent labels left out. The first of two labels with one name wins. */
export function labelPairs(names: readonly string[], values: readonly string[]): string {
  const pairs: string[] = [];
  for (let index = 0; index < names.length; index++) {
    const value = values[index] ?? '';
    if (value !== '' && names.indexOf(names[index]!) === index) {
      pairs.push(`${names[index]}="${quoteLabel(cleanLabel(value))}"`);
    }
  }
  return pairs.join(',');
}

/** After `# HELP name`. OpenMetrics also wants quotes escaped; the table's prose has none. */
export function quoteHelp(help: string): string {
  return help.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
