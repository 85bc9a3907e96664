import type { Severity } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';

/** Detectors by severities: no more of these rows than there can be detectors with three severities each. */
const TOTALS_MAX = 256;

/** Columns of what is open. */
const [ACTIVE, PEAK] = [0, 1];

/** How many incidents there were, and how many are open, for the exposition. */
export class Tallies {
  readonly totals = new Sheet(['detector', 'severity'], { incidents: 0 }, TOTALS_MAX);
  readonly active: Sheet;
  readonly #totals = new Map<string, number>();
  /** By slot of the totals. */
  readonly #latest = new Map<number, Incident>();
  readonly #active = new Map<string, number>();

  constructor(openMax: number) {
    this.active = new Sheet(
      ['detector', 'severity', 'group', 'workload', 'workload_kind', 'victim'],
      { incidents_active: 0, incident_peak_ratio: 0 },
      openMax,
    );
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
    this.hold(incident, at);
  }

  /** One more is open; `end` takes it back, while severity and names are the same. */
  hold(incident: Incident, at: Instant): void {
    this.active.add(rowOf(this.active, this.#active, labelsOf(incident), at), ACTIVE, 1);
  }

  /** It never was so far above its threshold: 1 is at it. */
  peak(incident: Incident, ratio: number): void {
    const slot = this.#active.get(labelsOf(incident).join('\n'));
    if (slot === undefined || ratio <= this.active.get(slot, PEAK)) return;
    this.active.set(slot, PEAK, ratio);
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
    this.active.add(slot, ACTIVE, -1);
    if (this.active.get(slot, ACTIVE) > 0) return;
    this.active.close(slot);
    this.#active.delete(name);
  }
}

function labelsOf({ detector, severity, culprit: { group, workload }, victim }: Incident): string[] {
  return [detector, severity, group, workload?.name ?? '', workload?.kind ?? '', victim?.name ?? ''];
}

/** There is room: the sheets hold as many rows as there can be. */
function rowOf(sheet: Sheet, slots: Map<string, number>, labels: readonly string[], at: Instant): number {
  const name = labels.join('\n');
  const slot = slots.get(name) ?? sheet.open(labels, at);
  slots.set(name, slot);
  return slot;
}
