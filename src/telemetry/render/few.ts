import { labelPairs } from '../label.ts';
import { labelName, prometheusName } from '../name.ts';
import type { SelfReading, SelfSample } from '../self.ts';
import { SELF_FAMILIES } from '../table.ts';
import { type Format, header } from './header.ts';
import type { Page } from './page.ts';

/** Renders what Culprit tells of itself, which is too little to be worth a cache. */
export function renderSelf(page: Page, format: Format, self: SelfReading): void {
  const samples = Map.groupBy(self(), ({ family }) => family);

  for (const family of SELF_FAMILIES) {
    const known = (samples.get(family.name as SelfSample['family']) ?? []).filter(({ value }) => !Number.isNaN(value));
    if (known.length === 0) continue;
    const name = prometheusName(family.name, family.unit, family.kind);
    page.text(header(family, format));
    for (const { labels, value } of known) page.text(`${name}${braced(labels)} ${numberText(value)}\n`);
  }
}

/** The resource, as the specification would have a scrape tell it: in OpenMetrics an info, in the classic format a gauge. */
export function renderTarget(page: Page, format: Format, resource: Readonly<Record<string, string>>): void {
  const [title, type] = format === 'openmetrics' ? ['target', 'info'] : ['target_info', 'gauge'];
  page.text(`# HELP ${title} Target metadata.\n# TYPE ${title} ${type}\ntarget_info${braced(resource)} 1\n`);
}

/** Attributes whose names become one label are joined with a semicolon, in the order of their names. */
function braced(attributes: Readonly<Record<string, string>>): string {
  const labels = new Map<string, string>();
  for (const name of Object.keys(attributes).sort()) {
    const label = labelName(name);
    const before = labels.get(label);
    labels.set(label, before === undefined ? attributes[name]! : `${before};${attributes[name]}`);
  }
  const pairs = labelPairs([...labels.keys()], [...labels.values()]);
  return pairs === '' ? '' : `{${pairs}}`;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}
