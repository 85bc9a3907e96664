import type { Severity } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';

/** Detectors by severities: no more of these rows than there can be detectors with three severities each. */
const TOTALS_MAX = 256;

/** How many incidents there were, and how many are open, for the exposition. */
export class Tallies {
  readonly totals = new Sheet(['detector', 'severity'], { incidents: 0 }, TOTALS_MAX);
  readonly active: Sheet;
  readonly #totals = new Map<string, number>();
  /** By slot of the totals. */
  readonly #latest = new Map<number, Incident>();
  readonly #active = new Map<string, number>();

  constructor(openMax: number) {
    this.active = new Sheet(['detector', 'severity', 'workload', 'workload_kind'], { incidents_active: 0 }, openMax);
  }

  /** A count that begins with the first incident hides the first incident from every `rate()`. */
  expect(detector: string, severity: Severity): void {
    rowOf(this.totals, this.#totals, [detector, severity], 0);
  }

  begin(incident: Incident, at: Instant): void {
    const { detector, severity } = incident;
    const slot = rowOf(this.totals, this.#totals, [detector, severity], at);
    this.totals.add(slot, 0, 1);
    this.#latest.set(slot, incident);
    this.active.add(rowOf(this.active, this.#active, labelsOf(incident), at), 0, 1);
  }

  /** The last incident that a row of the totals counts. */
  latestOf(slot: number): Incident | undefined {
    return this.#latest.get(slot);
  }

  end(incident: Incident): void {
    const labels = labelsOf(incident);
    const name = labels.join('\n');
    const slot = this.#active.get(name);
    if (slot === undefined) return;
    this.active.add(slot, 0, -1);
    if (this.active.get(slot, 0) > 0) return;
    this.active.close(slot);
    this.#active.delete(name);
  }
}

function labelsOf({ detector, severity, culprit: { workload } }: Incident): string[] {
  return [detector, severity, workload?.name ?? '', workload?.kind ?? ''];
}

/** There is room: the sheets hold as many rows as there can be. */
function rowOf(sheet: Sheet, slots: Map<string, number>, labels: readonly string[], at: Instant): number {
  const name = labels.join('\n');
  const slot = slots.get(name) ?? sheet.open(labels, at);
  slots.set(name, slot);
  return slot;
}
