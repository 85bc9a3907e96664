/**
 * Reads a page of either text format: samples by name and sorted labels. Throws on a line that is not one.
 *
 * Stricter than Prometheus where it can be: label names must be unique, and so must samples.
 */
export function samplesOf(page: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', value = ''] =
      /^([a-z_]\w*)(?:\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)(?: # \{.*\} \S+ \S+)?$/i.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a sample: ${line}`);

    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, key, text]) => [key!, unquoted(text!)] as const,
    );
    const key = sampleKey(name, Object.fromEntries(pairs));
    if (new Set(pairs.map(([label]) => label)).size !== pairs.length) throw new Error(`a label twice: ${line}`);
    if (samples.has(key)) throw new Error(`a sample twice: ${line}`);
    samples.set(key, numberOf(value));
  }
  return samples;
}

export function sampleKey(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  return `${name}${JSON.stringify(pairs)}`;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const number = Number(text);
  if (Number.isNaN(number)) throw new Error(`not a number: ${text}`);
  return number;
}
