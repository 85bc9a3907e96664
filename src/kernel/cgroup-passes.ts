import type { Cgroup } from './cgroup.ts';
import type { Collectors } from './collectors.ts';
import type { KeptFiles } from './kept-files.ts';
import type { Limits } from './limits.ts';
import type { SenseContext } from './sense.ts';
import { threadCpuMs } from './thread-cpu.ts';

/** The event loop has other things to do: what a pass has not read by then comes after a pause. */
const TURN_MS_MAX = 5;
export const TURN_PAUSE_MS = 50;
/** Cgroups between two looks at the clock. */
const LOOK_EVERY = 32;
/** Share of one core that passes may take; their pauses grow with their cost. */
const SHARE = 0.003;
const PAUSE_MS_MAX = 30_000;

export interface PassContext extends Pick<SenseContext, 'cgroups' | 'now'> {
  readonly collectors: Pick<Collectors, 'run'>;
}

/** Goes through all cgroups again and again, in turns that are short. */
export class CgroupPasses {
  readonly #context: PassContext;
  readonly #kept: KeptFiles;
  readonly #limits: Limits;
  readonly #everyMs: number;
  #left: Iterator<Cgroup> | undefined;
  #passMs = 0;

  constructor(context: PassContext, kept: KeptFiles, limits: Limits, everyMs: number) {
    this.#context = context;
    this.#kept = kept;
    this.#limits = limits;
    this.#everyMs = everyMs;
  }

  /** The first pass, whole, and dearer than any other. */
  seed(): void {
    this.#begin(true);
    this.#context.collectors.run('cgroup_files', () => this.#readSome(Number.POSITIVE_INFINITY));
  }

  /** Begins or continues a pass, and returns the milliseconds until the next turn. `walks` when no probe tells of new cgroups. */
  turn(walks: boolean): number {
    const beganMs = threadCpuMs();

    if (this.#left === undefined) this.#begin(walks);
    this.#context.collectors.run('cgroup_files', () => this.#readSome(TURN_MS_MAX));
    this.#passMs += threadCpuMs() - beganMs;
    return this.#left === undefined ? this.#pauseMs() : TURN_PAUSE_MS;
  }

  #begin(walks: boolean): void {
    const { cgroups, collectors } = this.#context;

    if (walks || cgroups.walkWanted) collectors.run('cgroups', () => cgroups.walk());
    this.#kept.keepOnly(cgroups.live);
    this.#limits.keepOnly(cgroups.live);
    this.#left = cgroups.live.values();
    this.#passMs = 0;
  }

  /** What fails ends the pass. */
  #readSome(turnMs: number): void {
    const left = this.#left!;
    const { now } = this.#context;
    const beganAt = now();
    this.#left = undefined;

    for (let count = 1, next = left.next(); !next.done; count++, next = left.next()) {
      this.#limits.read(next.value, beganAt);
      if (count % LOOK_EVERY === 0 && now() - beganAt > turnMs) {
        this.#left = left;
        return;
      }
    }
  }

  #pauseMs(): number {
    return Math.max(this.#everyMs, Math.min(this.#passMs / SHARE, PAUSE_MS_MAX));
  }
}
