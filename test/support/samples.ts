/** One sample of a text exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a text exposition, classic or OpenMetrics, as far as benches and tests need: samples, no metadata. */
export function parseSamples(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseLine);
}

/** The sum of the samples of one name whose labels include `match`. */
export function sum(samples: readonly Sample[], name: string, match: Readonly<Record<string, string>> = {}): number {
  let total = 0;
  for (const sample of samples) if (sample.name === name && matches(sample, match)) total += sample.value;
  return total;
}

export function matches({ labels }: Sample, match: Readonly<Record<string, string>>): boolean {
  return Object.entries(match).every(([name, value]) => labels[name] === value);
}

/** Quotes, braces and hashes may stand in a label's value; what follows the value of the sample is an exemplar. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)(?: .*)?$/u;

function parseLine(line: string): Sample {
  const [, name, labels = '', value] = LINE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new SyntaxError(`not a sample: ${line}`);
  return { name, labels: parseLabels(labels), value: toNumber(value) };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/gu)) {
    labels[name!] = value!.replace(/\\(.)/gu, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function toNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
