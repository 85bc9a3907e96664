import { matches, type Sample } from '../../test/support/samples.ts';

const NAME = 'culprit_blame_stall_seconds_total';

/** Rows of the exporter's matrix whose labels include `match`. */
export function stallRows(page: readonly Sample[], match: Readonly<Record<string, string>>): Sample[] {
  return page.filter((sample) => sample.name === NAME && matches(sample, match));
}

export function stallSeconds(page: readonly Sample[], match: Readonly<Record<string, string>>): number {
  return stallRows(page, match).reduce((sum, { value }) => sum + value, 0);
}

/** The same, of what came between two pages. */
export function stalledBetween(
  before: readonly Sample[],
  after: readonly Sample[],
  match: Record<string, string>,
): number {
  return stallSeconds(after, match) - stallSeconds(before, match);
}
