import { createEngine, type Engine } from '../../src/core/engine/engine.ts';
import { CgroupPasses, TURN_PAUSE_MS } from '../../src/kernel/cgroup-passes.ts';
import { Cgroups } from '../../src/kernel/cgroups.ts';
import { KeptFiles } from '../../src/kernel/kept-files.ts';
import { Limits, QUIET_PAUSE_MS_WITH_PROBES } from '../../src/kernel/limits.ts';
import { findCgroupMounts } from '../../src/kernel/mounts.ts';
import { Pressure } from '../../src/kernel/pressure.ts';
import { threadCpuMs } from '../../src/kernel/thread-cpu.ts';

export const EVERY_MS = 5_000;

export interface Taken {
  readonly cpuMs: number;
  readonly longestTurnMs: number;
}

/** Cgroups of this host as the exporter reads them and counts what they tell, by a clock that can be moved on. */
export class CgroupReading {
  readonly engine: Engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
  readonly passes: CgroupPasses;
  readonly #kept: KeptFiles;
  readonly #pressure: Pressure;
  #skippedMs = 0;

  constructor() {
    const { unified, tree, whole, v1 } = findCgroupMounts('/proc');
    const emit = this.engine.observe.bind(this.engine);
    const now = () => performance.now() + this.#skippedMs;
    const cgroups = new Cgroups({ tree, whole, emit, now });
    const collectors = { run: (_: string, collect: () => void) => collect() };

    this.#kept = new KeptFiles({ unified, ...v1 });
    this.#pressure = new Pressure('/proc', this.#kept, emit);
    this.#pressure.readHost(now());
    const limits = new Limits(this.#kept, this.#pressure, emit, QUIET_PAUSE_MS_WITH_PROBES);
    this.passes = new CgroupPasses({ cgroups, now, collectors }, this.#kept, limits, EVERY_MS);
  }

  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  /** One pass, in turns as the event loop would give them, and the tick after it. */
  readAll(walks: boolean): Taken {
    const beganMs = threadCpuMs();
    let longestTurnMs = 0;
    for (let pauseMs = TURN_PAUSE_MS; pauseMs === TURN_PAUSE_MS; ) {
      const from = performance.now();
      pauseMs = this.passes.turn(walks);
      longestTurnMs = Math.max(longestTurnMs, performance.now() - from);
    }
    const cpuMs = threadCpuMs() - beganMs;
    this.engine.observe({ kind: 'tick', at: performance.now() + this.#skippedMs });
    return { cpuMs, longestTurnMs };
  }

  close(): void {
    this.#kept.close();
    this.#pressure.close();
  }
}
