import type { Instant } from '../core/model/units.ts';
import { reasonOf } from './scratch.ts';

/** How the last run of a collector went. */
export interface CollectorReading {
  readonly success: boolean;
  readonly durationSeconds: number;
  /** Why it failed. */
  readonly reason?: string;
}

/** Runs collectors so that the failure of one is a reading, told once, and no matter of the others. */
export class Collectors {
  readonly readings = new Map<string, CollectorReading>();
  readonly #now: () => Instant;
  readonly #onFailure: (collector: string, reason: string) => void;

  /** `onFailure` is called when a collector that worked, or has another reason, fails. */
  constructor(now: () => Instant, onFailure: (collector: string, reason: string) => void) {
    this.#now = now;
    this.#onFailure = onFailure;
  }

  run(name: string, collect: () => void): void {
    const beganAt = this.#now();

    try {
      collect();
      this.#note(name, this.#now() - beganAt);
    } catch (error) {
      this.#note(name, this.#now() - beganAt, reasonOf(error));
    }
  }

  /** The same for one that pauses; resolves to what it returns, or to 0 when it failed. */
  async runSlowly(name: string, collect: () => Promise<number>): Promise<number> {
    const beganAt = this.#now();
    let result = 0;
    let reason: string | undefined;

    try {
      result = await collect();
    } catch (error) {
      reason = reasonOf(error);
    }
    this.#note(name, this.#now() - beganAt, reason);
    return result;
  }

  #note(name: string, durationMs: number, reason?: string): void {
    const before = this.readings.get(name);

    this.readings.set(name, {
      success: reason === undefined,
      durationSeconds: durationMs / 1000,
      ...(reason !== undefined && { reason }),
    });
    if (reason !== undefined && before?.reason !== reason) this.#onFailure(name, reason);
  }
}
