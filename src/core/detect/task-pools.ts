import type { Accounts } from '../account/accounts.ts';
import type { CgroupLimitsEvent, HostEvent } from '../model/event.ts';
import type { Process } from '../model/process.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import { Trend } from './trend.ts';

/** Cgroups are read every few seconds, so a forecast needs half a minute. */
const MARK_MS = 10_000;
const LATE_MS = 4_000;
/** Who was not told of for so long is gone, or has no limit any more. */
const FRESH_MS = 30_000;

export const TASKS_RUN_OUT = 'the limit of tasks is reached';

/** Where tasks, threads included, are counted against a limit. */
export interface TaskPool {
  /** 0 is the host. */
  readonly cgroupId: CgroupId;
  readonly trend: Trend;
  at: Instant;
  tasks: number;
  max: number;
}

/** All limits of tasks that are known: of cgroups, each by itself, so that a tight ancestor is one too; and of the host. */
export class TaskPools {
  readonly #accounts: Pick<Accounts, 'pathOfCgroup'>;
  readonly #pools = new Map<CgroupId, TaskPool>();

  constructor(accounts: Pick<Accounts, 'pathOfCgroup'>) {
    this.#accounts = accounts;
  }

  observeCgroup({ cgroupId, at, pids, pidsMax }: CgroupLimitsEvent): void {
    this.#observe(cgroupId, at, pids, pidsMax);
  }

  observeHost({ at, tasks, tasksMax }: HostEvent): void {
    this.#observe(0, at, tasks, tasksMax);
  }

  *known(now: Instant): Generator<TaskPool> {
    for (const [id, pool] of this.#pools) {
      if (now - pool.at > FRESH_MS) this.#pools.delete(id);
      else yield pool;
    }
  }

  /** Whether what lives in the cgroup counts against the pool's limit. */
  holds({ cgroupId }: TaskPool, id: CgroupId): boolean {
    if (cgroupId === 0 || cgroupId === id) return true;
    const above = this.#accounts.pathOfCgroup(cgroupId);
    return above !== '' && this.#accounts.pathOfCgroup(id).startsWith(`${above}/`);
  }

  /** Those of `live` that count against it. */
  members(pool: TaskPool, live: readonly Process[]): Process[] {
    const answers = new Map<CgroupId, boolean>();
    return live.filter(({ cgroupId }) => {
      const answer = answers.get(cgroupId) ?? this.holds(pool, cgroupId);
      answers.set(cgroupId, answer);
      return answer;
    });
  }

  /** Until the first limit that it runs against is reached, should so many of `live` go on doubling in so long. */
  secondsLeft({ cgroupId }: Process, live: readonly Process[], many: number, doublingMs: number, now: Instant): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const pool of this.known(now)) {
      if (!this.holds(pool, cgroupId)) continue;
      // Forks are told at once, the pool every few seconds.
      const tasks = Math.max(pool.tasks, this.members(pool, live).length);
      const doublings = Math.log2(1 + Math.max(0, pool.max - tasks) / many);
      soonest = Math.min(soonest, (doublings * doublingMs) / 1_000);
    }
    return soonest;
  }

  /** NaN and no limit at all have no pool. */
  #observe(id: CgroupId, at: Instant, tasks: number, max: number): void {
    if (!(tasks >= 0 && max > 0 && max < Number.POSITIVE_INFINITY)) {
      this.#pools.delete(id);
      return;
    }
    const pool = this.#pools.get(id) ?? { cgroupId: id, trend: new Trend(at, tasks, MARK_MS, LATE_MS), at, tasks, max };
    pool.at = at;
    pool.tasks = tasks;
    pool.max = max;
    pool.trend.add(at, tasks);
    this.#pools.set(id, pool);
  }
}
