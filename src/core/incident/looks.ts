import type { Instant } from '../model/units.ts';

/** A detector is asked each second; a busy exporter may be late. */
const BLIND_MS_MIN = 10_000;

/** When each detector looked last: what nobody looked for was not gone. */
export class Looks {
  readonly #at = new Map<string, Instant>();

  /** For how long it had not looked, where that is long: the exporter was stopped, or its host. */
  blindMs(detector: string, at: Instant): number {
    const passedMs = at - (this.#at.get(detector) ?? at);
    this.#at.set(detector, at);
    return passedMs > BLIND_MS_MIN ? passedMs : 0;
  }
}
