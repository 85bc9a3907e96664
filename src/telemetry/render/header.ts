import { quoteHelp } from '../label.ts';
import { familyName, prometheusName, unitWord } from '../name.ts';
import type { Rows } from '../rows.ts';
import type { Family } from '../table.ts';
import { type Text, textOf } from './text.ts';

/** `text` is Prometheus's classic format 0.0.4. */
export type Format = 'text' | 'openmetrics';

const TYPES = { counter: 'counter', gauge: 'gauge', updowncounter: 'gauge', histogram: 'histogram' } as const;

/** What stands above a family's samples. OpenMetrics names a counter without its `_total` and tells the unit. */
export function header(family: Family, format: Format): string {
  const { name, unit, kind } = family;
  const isOpen = format === 'openmetrics';
  const title = isOpen ? familyName(name, unit, kind) : prometheusName(name, unit, kind);
  const word = unitWord(unit, kind);

  const lines = [`# HELP ${title} ${quoteHelp(family.help)}`, `# TYPE ${title} ${TYPES[kind]}`];
  if (isOpen && word !== '') lines.push(`# UNIT ${title} ${word}`);
  return `${lines.join('\n')}\n`;
}

/** A sample's name and `pairs`, the labels of its cell, up to where its row's labels go on; or whole, where rows have none. */
export function head(name: string, pairs: string, rows: Rows): Text {
  if (rows.labelNames.length > 0) return textOf(pairs === '' ? `${name}{` : `${name}{${pairs},`);
  return textOf(pairs === '' ? `${name} ` : `${name}{${pairs}} `);
}
