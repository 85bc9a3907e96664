export type Kind = 'counter' | 'gauge' | 'updowncounter' | 'histogram';

/** Units of the metric table (UCUM), as Prometheus spells them. */
const UNIT_WORDS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/**
 * The name that OpenTelemetry's translation gives a metric in Prometheus, so that a scrape and a push make one series.
 *
 * Source: the OpenTelemetry specification, "Prometheus and OpenMetrics compatibility", underscore escaping with suffixes.
 */
export function prometheusName(name: string, unit: string, kind: Kind): string {
  const family = familyName(name, unit, kind);
  return kind === 'counter' ? `${family}_total` : family;
}

/** The same without `_total`: what OpenMetrics calls the family. */
export function familyName(name: string, unit: string, kind: Kind): string {
  const base = underscored(name);
  const word = unitWord(unit, kind);
  return word === '' || base === word || base.endsWith(`_${word}`) ? base : `${base}_${word}`;
}

/** `seconds`, `bytes_per_second`, `ratio`; empty for what is only counted. Throws on a unit that the table should not use. */
export function unitWord(unit: string, kind: Kind): string {
  if (unit === '' || /^\{\w+\}$/.test(unit)) return '';
  if (unit === '1') return kind === 'gauge' ? 'ratio' : '';

  const [dividend = '', divisor] = unit.split('/');
  const word = UNIT_WORDS[dividend];
  if (word === undefined || (divisor !== undefined && divisor !== 's')) throw new RangeError(`unknown unit ${unit}`);
  return divisor === undefined ? word : `${word}_per_second`;
}

/** An attribute's name as a label. A leading digit or underscore is not an attribute's to have: those are Prometheus's own. */
export function labelName(attribute: string): string {
  const label = underscored(attribute);
  return /^[a-z]/i.test(label) ? label : `key_${label.replace(/^_+/, '')}`;
}

function underscored(name: string): string {
  return name.replace(/[^a-z0-9_]/gi, '_').replace(/_{2,}/g, '_');
}
