import type { IncidentChange } from '../core/model/incident.ts';
import type { SelfSample } from '../telemetry/self.ts';

/** Is told of each change while it happens. The incident is the ledger's own, and changes on: whoever keeps it copies it. */
export type Taker = (change: IncidentChange) => void;

interface Place {
  readonly taker: string;
  readonly take: Taker;
  failures: number;
}

/** Hands what becomes of incidents to all who take it, in the order in which they came; one that fails harms no other. */
export class Changes {
  readonly #places: Place[] = [];
  readonly #warn: (message: string) => void;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** `taker` names it in the log and on the page. */
  add(taker: string, take: Taker): void {
    this.#places.push({ taker, take, failures: 0 });
  }

  hand(change: IncidentChange): void {
    for (const place of this.#places) {
      try {
        place.take(change);
      } catch (error) {
        place.failures++;
        this.#warn(`${place.taker} failed to take an incident that was ${change.kind}: ${sayOf(error)}`);
      }
    }
  }

  *readings(): Iterable<SelfSample> {
    for (const { taker, failures } of this.#places)
      yield { family: 'culprit.incident.changes.failed', labels: { taker }, value: failures };
  }
}

function sayOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
