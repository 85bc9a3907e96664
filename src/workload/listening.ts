import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../core/model/units.ts';
import type { Hearing, Source } from './source.ts';

const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 30_000;
/** A stream that lasted so long, or told anything, is one. Longer than a connection takes that is not answered. */
const LASTS_MS = 30_000;
/** CRI-O without pod events ends each stream at once, as if all were well: after so many in a row we believe that there are none. */
const EMPTY_MAX = 3;

export interface ListeningOptions {
  readonly source: Source;
  readonly hearing: Hearing;
  /** Monotonic milliseconds. */
  readonly now: () => Instant;
  /** Called when a stream ended that was one: what the source answered before says no more how it stands with it. */
  readonly onLost: () => void;
  /** Called when a stream opens after one was lost, or was not to be had. */
  readonly onReturn: () => void;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Hears what a source tells of its own accord, and listens anew when it stops. What it is asked is another matter. */
export class Listening {
  isOpen = false;
  /** Why the last stream ended; undefined while one is open, and where there are none to be had. */
  fault: unknown;
  readonly #options: ListeningOptions;
  readonly #hearing: Hearing;
  #hasHeard = false;
  #isAway = false;
  #empty = 0;
  #pauseMs = PAUSE_MS_MIN;

  constructor(options: ListeningOptions) {
    this.#options = options;
    const { hearing } = options;
    this.#hearing = {
      named: (names) => {
        this.#hasHeard = true;
        hearing.named(names);
      },
      heard: (id) => {
        this.#hasHeard = true;
        hearing.heard(id);
      },
    };
  }

  /** Resolves when the source has no events to tell, or when `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { source, now, pause = doze } = this.#options;
    while (!signal.aborted) {
      const beganAt = now();
      this.#hasHeard = false;
      try {
        const hasEvents = await source.listen(this.#hearing, () => this.#opened(), signal);
        if (!hasEvents || this.#ended(now() - beganAt)) return this.#isSilent();
      } catch (error) {
        if (!signal.aborted) this.#failed(error, now() - beganAt);
      }
      const pauseMs = this.#pauseMs;
      this.#pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
      await pause(pauseMs, signal);
    }
  }

  #opened(): void {
    this.isOpen = true;
    this.fault = undefined;
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#options.onReturn();
  }

  /** Tells whether it is certain by now that there is nothing to hear. */
  #ended(lastedMs: number): boolean {
    this.isOpen = false;
    this.fault = new Error('it ended its events');
    if (this.#wasStream(lastedMs)) this.#lost();
    else this.#empty++;
    return this.#empty >= EMPTY_MAX;
  }

  #failed(error: unknown, lastedMs: number): void {
    // One that opens and fails, over and over, does not return each time.
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.fault = error;
    this.#empty = 0;
    if (this.#wasStream(lastedMs)) this.#lost();
    else if (!wasOpen) this.#isAway = true;
  }

  #wasStream(lastedMs: number): boolean {
    return this.#hasHeard || lastedMs >= LASTS_MS;
  }

  #lost(): void {
    this.#isAway = true;
    this.#empty = 0;
    this.#pauseMs = PAUSE_MS_MIN;
    this.#options.onLost();
  }

  #isSilent(): void {
    this.isOpen = false;
    this.fault = undefined;
  }
}

async function doze(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => {}); // closed meanwhile
}
