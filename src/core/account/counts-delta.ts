import type { CgroupCountsEvent } from '../model/event.ts';
import { EXIT_REASONS, LIFETIME_BOUNDS_SECONDS, type Usage } from '../model/process.ts';

const LIFETIMES = LIFETIME_BOUNDS_SECONDS.length + 1;
const AT_LIFETIMES = 6;
const AT_LOST = AT_LIFETIMES + LIFETIMES;
const AT_EXITS = AT_LOST + 2;
const AT_USAGE = AT_EXITS + EXIT_REASONS.length;
/** How many numbers are remembered of a cgroup. */
export const COUNTS_SIZE = AT_USAGE + 6;

/** What the kernel counted since it was asked before. Filled again by the next. */
export class CountsDelta {
  readonly #now = new Float64Array(COUNTS_SIZE);
  readonly #new = new Float64Array(COUNTS_SIZE);

  /** `before` holds what was told last, zeros in the beginning, and is brought up to date. */
  take(event: CgroupCountsEvent, before: Float64Array): void {
    this.#flatten(event);
    // Less than before: the kernel's entry was made anew, so all of it is new.
    const isAnew = this.#now.some((value, index) => value < before[index]!);
    for (let index = 0; index < COUNTS_SIZE; index++)
      this.#new[index] = this.#now[index]! - (isAnew ? 0 : before[index]!);
    before.set(this.#now);
  }

  get threads(): number {
    return this.#new[0]!;
  }

  get oomKills(): number {
    return this.#new[1]!;
  }

  get runDelayNs(): number {
    return this.#new[2]!;
  }

  get lifetimeNs(): number {
    return this.#new[3]!;
  }

  /** NaN where nobody counts them. */
  get longWaits(): number {
    return this.#new[4]!;
  }

  get longWaitsUntold(): number {
    return this.#new[5]!;
  }

  lifetimes(bucket: number): number {
    return this.#new[AT_LIFETIMES + bucket]!;
  }

  get lostForks(): number {
    return this.#new[AT_LOST]!;
  }

  get lostExecs(): number {
    return this.#new[AT_LOST + 1]!;
  }

  lostExits(reason: number): number {
    return this.#new[AT_EXITS + reason]!;
  }

  get hasLost(): boolean {
    for (let index = AT_LOST; index < COUNTS_SIZE; index++) if (this.#new[index] !== 0) return true;
    return false;
  }

  get lostUsage(): Usage {
    const [runtimeNs = 0, userNs = 0, systemNs = 0, readBytes = 0, writeBytes = 0, majorFaults = 0] =
      this.#new.subarray(AT_USAGE);
    return { runtimeNs, userNs, systemNs, readBytes, writeBytes, majorFaults };
  }

  #flatten(event: CgroupCountsEvent): void {
    const now = this.#now;
    now[0] = event.threads;
    now[1] = event.oomKills;
    now[2] = event.runDelayNs;
    now[3] = event.lifetimeNs;
    now[4] = event.longWaits;
    now[5] = event.longWaitsUntold;
    for (let bucket = 0; bucket < LIFETIMES; bucket++) now[AT_LIFETIMES + bucket] = event.lifetimes[bucket]!;
    now[AT_LOST] = event.lost.forks;
    now[AT_LOST + 1] = event.lost.execs;
    for (let reason = 0; reason < EXIT_REASONS.length; reason++) now[AT_EXITS + reason] = event.lost.exits[reason]!;
    const { runtimeNs, userNs, systemNs, readBytes, writeBytes, majorFaults } = event.lostUsage;
    now.set([runtimeNs, userNs, systemNs, readBytes, writeBytes, majorFaults], AT_USAGE);
  }
}
