import type { Event } from '../core/model/event.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import type { Cgroup } from './cgroup.ts';
import type { KeptFiles } from './kept-files.ts';
import { findSources } from './limits/controllers.ts';
import { CPU_STAT, readCpuLimits, readCpuUse, readThrottlingV1 } from './limits/cpu.ts';
import { readIo } from './limits/io.ts';
import { isKnown, type Known, nothingKnown, tighter } from './limits/known.ts';
import { readAnonymous, readMemory, readMemoryEvents, readMemoryLimits } from './limits/memory.ts';
import { readPids, readPidsMax } from './limits/pids.ts';
import type { Pressure } from './pressure.ts';

/** A new cgroup is given its limits just after it was made, an old one hardly ever, and where nothing runs they matter little. */
const LIMITS_PAUSE_MS_MIN = 5_000;
const LIMITS_PAUSE_MS_MAX = 60_000;
const LIMITS_PAUSE_MS_QUIET = 600_000;
/** After so long without a run a cgroup is looked at less often: more rarely still where probes tell that something happens in it. */
const QUIET_AFTER_MS = 30_000;
const QUIET_PAUSE_MS = 16_000;
export const QUIET_PAUSE_MS_WITH_PROBES = 64_000;
/** Of the memory of a cgroup; what it consists of is asked again when that has changed by so much. */
const MEMORY_STEP = 1 / 64;

/**
 * Reads what each cgroup uses, what holds it back and what it waits for, from whichever hierarchy has the controller.
 *
 * Of a cgroup whose tasks did not run since the last time one file is read, and none when its parent's did not run either:
 * nothing else can have changed much. What its tasks wait for is followed until they do not wait any more.
 */
export class Limits {
  readonly #kept: KeptFiles;
  readonly #pressure: Pressure;
  readonly #emit: (event: Event) => void;
  readonly #quietPauseMs: number;
  readonly #known = new Map<CgroupId, Known>();

  constructor(kept: KeptFiles, pressure: Pressure, emit: (event: Event) => void, quietPauseMs = QUIET_PAUSE_MS) {
    this.#kept = kept;
    this.#pressure = pressure;
    this.#emit = emit;
    this.#quietPauseMs = quietPauseMs;
  }

  /** Parents before their children. The root has no limits; of a cgroup of which nothing is known nothing is told. */
  read(cgroup: Cgroup, at: Instant): void {
    if (cgroup.place.length === 0) return;
    const known = this.#of(cgroup.id);
    const parent = cgroup.parent && this.#known.get(cgroup.parent.id);

    if (parent !== undefined) parent.isParent = true;
    if (cgroup.countedAt !== undefined && cgroup.countedAt >= known.event.at) known.lookAt = at;
    known.event.at = at;
    if (!this.#look(cgroup, known, parent?.isQuiet ?? false, at)) return;
    known.event.memoryLimitBytes = tighter(known.memoryLimitBytes, parent?.event.memoryLimitBytes ?? Number.NaN);
    if (isKnown(known.event)) this.#emit(known.event);
  }

  /** Forgets cgroups that are gone. */
  keepOnly(live: ReadonlyMap<CgroupId, Cgroup>): void {
    for (const id of this.#known.keys()) if (!live.has(id)) this.#known.delete(id);
  }

  #of(id: CgroupId): Known {
    const known = this.#known.get(id) ?? nothingKnown(id);

    this.#known.set(id, known);
    return known;
  }

  /** Returns whether the cgroup is still there. */
  #look(cgroup: Cgroup, known: Known, isParentQuiet: boolean, at: Instant): boolean {
    const isDue = at >= (known.isQuiet ? known.limitsAtQuiet : known.limitsAt);
    const hasToLook = isDue || (!isParentQuiet && (known.isParent || at >= known.lookAt));

    if (hasToLook && !this.#readUse(cgroup, known, at)) return false;
    if (!hasToLook) {
      known.wasQuiet = known.isQuiet;
      known.isQuiet = true;
    }
    const isAsleep = known.isQuiet && known.wasQuiet && !known.isStalled;
    if (isDue) this.#readLimits(cgroup, known, at);
    if (!isAsleep) this.#readRest(cgroup, known, at);
    else if (isDue) readMemory(this.#kept, cgroup, known.sources.memory, at, known.event);
    if (isDue && isAsleep) this.#kept.shutAllBut(CPU_STAT, cgroup);
    return true;
  }

  /** Returns whether the cgroup is still there. */
  #readUse(cgroup: Cgroup, known: Known, at: Instant): boolean {
    const { event } = known;
    const before = event.cpuUsageSeconds;

    readCpuUse(this.#kept, cgroup, known.sources.cpu, at, event);
    if (Number.isNaN(event.cpuUsageSeconds) && !Number.isNaN(before)) return false;
    known.wasQuiet = known.isQuiet;
    known.isQuiet = event.cpuUsageSeconds === before;
    if (!known.isQuiet) known.ranAt = at;
    else if (at - known.ranAt > QUIET_AFTER_MS) known.lookAt = at + this.#quietPauseMs * spread(cgroup.id);
    return true;
  }

  #readRest(cgroup: Cgroup, known: Known, at: Instant): void {
    const { event, sources } = known;
    const stallSeconds = this.#pressure.readCgroup(cgroup, at);

    known.isStalled = stallSeconds > known.stallSeconds;
    known.stallSeconds = stallSeconds;
    if (sources.cpu === 'v1') readThrottlingV1(this.#kept, cgroup, at, event);
    readMemory(this.#kept, cgroup, sources.memory, at, event);
    readMemoryEvents(this.#kept, cgroup, sources.memory, at, known);
    readPids(this.#kept, cgroup, sources.pids, at, event);
    readIo(this.#kept, cgroup, sources.io, at, event);
    this.#readParts(cgroup, known);
  }

  #readParts(cgroup: Cgroup, known: Known): void {
    const { event, sources } = known;
    const changed = Math.abs(event.memoryBytes - known.memoryBytesThen);
    // NaN compares with nothing: before the first look, and without the controller.
    if (changed <= event.memoryBytes * MEMORY_STEP) return;

    readAnonymous(this.#kept, cgroup, sources.memory, event);
    known.memoryBytesThen = event.memoryBytes;
  }

  #readLimits(cgroup: Cgroup, known: Known, at: Instant): void {
    const { event, sources } = known;

    findSources(this.#kept, cgroup, sources);
    readCpuLimits(this.#kept, cgroup, sources.cpu, event);
    known.memoryLimitBytes = readMemoryLimits(this.#kept, cgroup, sources.memory, event);
    readPidsMax(this.#kept, cgroup, sources.pids, event);
    known.memoryBytesThen = Number.NaN;
    known.limitsPauseMs = Math.min(Math.max(LIMITS_PAUSE_MS_MIN, 2 * known.limitsPauseMs), LIMITS_PAUSE_MS_QUIET);
    known.limitsAt = at + Math.min(known.limitsPauseMs, LIMITS_PAUSE_MS_MAX) * spread(cgroup.id);
    known.limitsAtQuiet = at + known.limitsPauseMs * spread(cgroup.id);
  }
}

/** From 0.75 to 1.25, another for each, so that cgroups of the same age are not all due at once. */
function spread(id: CgroupId): number {
  return 0.75 + ((id * 0.618034) % 1) * 0.5;
}
