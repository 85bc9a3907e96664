import type { Instant } from '../core/model/units.ts';

/** Of the time, during which somebody waited for IO. */
const MUCH = 0.05;
const WINDOW_MS = 2_000;
/** After the last time that it was much. */
const LINGER_MS = 60_000;

/** Whether tasks wait for block devices so much that it is worth asking for whom. */
export class IoDemand {
  #fromAt = Number.NaN;
  #fromSeconds = 0;
  #muchAt = Number.NEGATIVE_INFINITY;

  /** `someSeconds` is the host's `some` of IO, since boot. */
  observe(someSeconds: number, at: Instant): boolean {
    const passedMs = at - this.#fromAt;

    if (!(passedMs < WINDOW_MS)) {
      if ((someSeconds - this.#fromSeconds) * 1000 > MUCH * passedMs) this.#muchAt = at;
      this.#fromAt = at;
      this.#fromSeconds = someSeconds;
    }
    return at - this.#muchAt < LINGER_MS;
  }
}
