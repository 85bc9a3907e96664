import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Event, ProcessSampleEvent } from '../core/model/event.ts';
import type { Instant, StartedNs } from '../core/model/units.ts';
import type { Writable } from '../core/wire/record.ts';
import { emptyProcessSample } from '../core/wire/samples.ts';
import type { Cgroups } from './cgroups.ts';
import { type Known, newKnown, ProcessFiles } from './procfs-known.ts';
import { isGone, isRefused, Scratch } from './scratch.ts';
import { FIELD, StatLine } from './stat-line.ts';
import { threadCpuMs } from './thread-cpu.ts';

const NINE = '9'.charCodeAt(0);
/** Linux shows times in units of 1/100 s to programs, on every architecture that Node runs on. */
const TICK_NS = 1e7;
const PF_KTHREAD = 0x0020_0000;
/** Everything of an idle process is looked at once in so many passes. */
const THOROUGH_EVERY = 16;
/** Others, such as scrapes, get a turn after so long. */
const SLICE_MS = 5;

export interface ProcfsOptions {
  readonly procRoot: string;
  readonly cgroups: Cgroups;
  readonly emit: (event: Event) => void;
  readonly now: () => Instant;
}

/**
 * Snapshots from `/proc`, for hosts where probes can't run.
 *
 * A sample holds the whole process, so there are no samples of threads. CPU is exact to 10 ms, and is the scheduler's own sum.
 * Some members of an idle process may be 16 passes old. NaN stands for what this user may not see; of whom
 * it may not even ask, as where `/proc` is mounted with `hidepid`, nothing is told.
 */
export class ProcfsSnapshots {
  readonly #options: ProcfsOptions;
  readonly #files: ProcessFiles;
  readonly #scratch = new Scratch(4096);
  readonly #line = new StatLine();
  readonly #known = new Map<number, Known>();
  readonly #event = emptyProcessSample();
  #pass = 0;

  constructor(options: ProcfsOptions) {
    this.#options = options;
    this.#files = new ProcessFiles(options.procRoot, options.cgroups);
  }

  /** Emits one whole snapshot, with pauses; `stopped` ends it early, and then the snapshot has no end. Returns milliseconds of CPU. */
  async take(stopped: () => boolean): Promise<number> {
    const { emit, now, procRoot } = this.#options;
    let sliceAt = now();
    let beganMs = threadCpuMs();
    let workMs = 0;

    this.#pass++;
    emit({ kind: 'snapshot-begin', at: sliceAt });
    for (const name of readdirSync(procRoot)) {
      if (name.charCodeAt(0) <= NINE) this.#sample(name, now());
      if (now() - sliceAt < SLICE_MS) continue;

      workMs += threadCpuMs() - beganMs;
      await nextTurn();
      if (stopped()) return workMs;
      beganMs = threadCpuMs();
      sliceAt = now();
    }
    for (const [pid, known] of this.#known) if (known.pass !== this.#pass) this.#known.delete(pid);
    emit({ kind: 'snapshot-end', at: now() });
    return workMs + threadCpuMs() - beganMs;
  }

  #sample(name: string, at: Instant): void {
    try {
      const pid = Number(name);
      if (!this.#readStat(name)) return;

      const known = this.#remember(name, pid);
      this.#tell(pid, known, at);
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
    }
  }

  #readStat(pid: string): boolean {
    const length = this.#scratch.read(`${this.#options.procRoot}/${pid}/stat`);

    return this.#line.parse(this.#scratch.bytes, length);
  }

  #remember(name: string, pid: number): Known {
    const { fields, commStart, commEnd } = this.#line;
    const startedNs = fields[FIELD.startedTicks]! * TICK_NS;
    const before = this.#known.get(pid);
    const known = before?.startedNs === startedNs ? before : newKnown(startedNs);
    const ticks = fields[FIELD.userTicks]! + fields[FIELD.systemTicks]!;
    const residentPages = fields[FIELD.residentPages]!;
    const isThorough = known !== before || (pid + this.#pass) % THOROUGH_EVERY === 0;
    const comm = this.#scratch.text(commStart, commEnd);

    if (isThorough || known.ticks !== ticks || known.residentPages !== residentPages)
      this.#files.refreshUse(name, known);
    // Who starts a container or a service moves a process first, and lets it exec then.
    if (isThorough || known.comm !== comm) {
      this.#files.refreshPlace(name, known);
      known.exe = this.#files.exeOf(name);
    }
    known.comm = comm;
    known.ticks = ticks;
    known.residentPages = residentPages;
    known.pass = this.#pass;
    this.#known.set(pid, known);
    return known;
  }

  #tell(pid: number, known: Known, at: Instant): void {
    const { fields, state } = this.#line;
    const event = this.#event;
    const used = event.used;

    used.userNs = fields[FIELD.userTicks]! * TICK_NS;
    used.systemNs = fields[FIELD.systemTicks]! * TICK_NS;
    used.runtimeNs = used.userNs + used.systemNs;
    used.readBytes = known.readBytes;
    used.writeBytes = known.writeBytes;
    used.majorFaults = fields[FIELD.majorFaults]!;
    event.at = at;
    event.pid = pid;
    event.startedNs = known.startedNs;
    event.cgroupId = known.cgroupId;
    event.uid = known.uid;
    event.comm = known.comm;
    event.exe = known.exe;
    event.state = state;
    event.isKernelThread = (fields[FIELD.flags]! & PF_KTHREAD) !== 0;
    event.threads = fields[FIELD.threads]!;
    event.childrenUserNs = fields[FIELD.childrenUserTicks]! * TICK_NS;
    event.childrenSystemNs = fields[FIELD.childrenSystemTicks]! * TICK_NS;
    copyUse(known, event);
    // Last: it may read another process's line into ours.
    event.parentPid = fields[FIELD.parent]!;
    event.parentStartedNs = this.#parentStartedNs(event.parentPid, known);
    this.#options.emit(event);
  }

  /** A parent in this pass is usually known; one that is not, as pids wrap, is asked. 0 when there is none, or none that tells us. */
  #parentStartedNs(parentPid: number, known: Known): StartedNs {
    if (parentPid === 0) return 0;
    if (known.parentPid !== parentPid) {
      known.parentStartedNs = this.#knownNow(parentPid) ?? this.#askStarted(parentPid);
      known.parentPid = parentPid;
    }
    return known.parentStartedNs;
  }

  #knownNow(pid: number): StartedNs | undefined {
    const known = this.#known.get(pid);

    return known?.pass === this.#pass ? known.startedNs : undefined;
  }

  #askStarted(pid: number): StartedNs {
    try {
      return this.#readStat(String(pid)) ? this.#line.fields[FIELD.startedTicks]! * TICK_NS : 0;
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      return 0;
    }
  }
}

function copyUse(known: Known, event: Writable<ProcessSampleEvent>): void {
  event.anonymousBytes = known.anonymousBytes;
  event.fileBytes = known.fileBytes;
  event.sharedBytes = known.sharedBytes;
  event.swapBytes = known.swapBytes;
  event.rssPeakBytes = known.rssPeakBytes;
  event.fds = known.fds;
  event.fdLimit = known.fdLimit;
  event.oomScoreAdj = known.oomScoreAdj;
  event.pidNamespace = known.pidNamespace;
}
