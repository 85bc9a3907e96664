import type { CgroupLimitsEvent, Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import type { Cgroup } from './cgroup.ts';
import type { KeptFiles } from './kept-files.ts';
import { readCpu } from './limits/cpu.ts';
import { readIo } from './limits/io.ts';
import { MemoryFacts } from './limits/memory.ts';
import { readPids } from './limits/pids.ts';
import type { Writable } from './limits/writable.ts';

const { NaN: NOT_KNOWN } = Number;

/** Reads what each cgroup uses and what holds it back, from whichever hierarchy has the controller. */
export class Limits {
  readonly #kept: KeptFiles;
  readonly #emit: (event: Event) => void;
  readonly #memory: MemoryFacts;
  readonly #event: Writable<CgroupLimitsEvent> = {
    kind: 'cgroup-limits',
    at: 0,
    cgroupId: 0,
    cpuUsageSeconds: NOT_KNOWN,
    cpuQuotaCores: NOT_KNOWN,
    cpuWeight: NOT_KNOWN,
    throttledSeconds: NOT_KNOWN,
    periods: NOT_KNOWN,
    throttledPeriods: NOT_KNOWN,
    memoryBytes: NOT_KNOWN,
    anonymousBytes: NOT_KNOWN,
    memoryLimitBytes: NOT_KNOWN,
    memoryHighBytes: NOT_KNOWN,
    memoryHighEvents: NOT_KNOWN,
    memoryMaxEvents: NOT_KNOWN,
    memoryOomEvents: NOT_KNOWN,
    oomKills: NOT_KNOWN,
    pids: NOT_KNOWN,
    pidsMax: NOT_KNOWN,
    ioReadBytes: NOT_KNOWN,
    ioWrittenBytes: NOT_KNOWN,
  };

  constructor(kept: KeptFiles, emit: (event: Event) => void) {
    this.#kept = kept;
    this.#emit = emit;
    this.#memory = new MemoryFacts(kept);
  }

  /** `cgroups` with parents before children. The root has no limits; a cgroup of which nothing is known emits nothing. */
  read(cgroups: Iterable<Cgroup>, at: Instant): void {
    const event = this.#event;

    this.#memory.begin();
    for (const cgroup of cgroups) {
      if (cgroup.place.length === 0) continue;

      event.at = at;
      event.cgroupId = cgroup.id;
      readCpu(this.#kept, cgroup, at, event);
      this.#memory.read(cgroup, at, event);
      readPids(this.#kept, cgroup, at, event);
      readIo(this.#kept, cgroup, at, event);
      if (isKnown(event)) this.#emit(event);
    }
  }
}

function isKnown({
  cpuUsageSeconds,
  cpuWeight,
  memoryBytes,
  memoryLimitBytes,
  pids,
  ioReadBytes,
  periods,
}: Event & { kind: 'cgroup-limits' }): boolean {
  return ![cpuUsageSeconds, cpuWeight, memoryBytes, memoryLimitBytes, pids, ioReadBytes, periods].every(Number.isNaN);
}
