import type { Instant } from '../core/model/units.ts';
import type { Governor } from './governor.ts';
import type { Schedule } from './schedule.ts';

const JUDGE_EVERY_MS = 10_000;
/** The start, and the compiling that follows it, is not what running costs. */
const SETTLED_MS = 30_000;

interface Governed {
  readonly governor: Governor;
  readonly schedule: Schedule;
  readonly now: () => Instant;
}

/** Has the governor judge what we cost, again and again; `probeSeconds` is CPU that our probes took from other processes. */
export function governOwnCost({ governor, schedule, now }: Governed, probeSeconds: () => number): void {
  let cost: OwnCost | undefined;

  schedule.every(SETTLED_MS, () => {
    const at = now();
    if (cost === undefined) cost = new OwnCost(() => processMs() + probeSeconds() * 1000, at);
    else governor.judge(at, cost.ratio(at));
    return JUDGE_EVERY_MS;
  });
}

/** CPU that was used from one asking to the next, as a share of one CPU. */
export class OwnCost {
  readonly #usedMs: () => number;
  #at: Instant;
  #beforeMs: number;

  /** `usedMs` is the CPU that was used so far. */
  constructor(usedMs: () => number, at: Instant) {
    this.#usedMs = usedMs;
    this.#at = at;
    this.#beforeMs = usedMs();
  }

  ratio(at: Instant): number {
    const usedMs = this.#usedMs();
    const ratio = (usedMs - this.#beforeMs) / (at - this.#at);

    this.#at = at;
    this.#beforeMs = usedMs;
    return ratio;
  }
}

/** By all threads of this process. */
function processMs(): number {
  const { user, system } = process.cpuUsage();

  return (user + system) / 1000;
}
