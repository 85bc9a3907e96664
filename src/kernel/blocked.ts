import { readFileSync } from 'node:fs';
import type { Event, IdleSampleEvent, ProcessSampleEvent, ThreadSampleEvent } from '../core/model/event.ts';
import type { Usage } from '../core/model/process.ts';
import type { Instant } from '../core/model/units.ts';
import type { BlockedEvent } from '../core/model/wait.ts';
import type { Writable } from '../core/wire/record.ts';
import { isGone, isRefused } from './scratch.ts';

/** Shorter waits are how disks work. */
const TOLD_MS_MIN = 1_000;
/** Each costs some microseconds; whoever is not asked now is asked after the next snapshot. */
const SITES_MAX = 256;

interface Task {
  readonly pid: number;
  readonly startedNs: number;
  readonly since: Instant;
  /** By itself; NaN where only its whole process is counted, and that is `used`. */
  readonly ranNs: number;
  readonly used: Usage;
  /** Undefined until somebody looked. */
  site: string | undefined;
  pass: number;
}

/**
 * Who waits where most signals don't reach: found in the snapshots that pass by, at the cost of one look at each sample.
 *
 * A sleep goes on for as long as its task used nothing: to end it, it must run. By probes CPU is exact to the nanosecond, from
 * `/proc` to 10 ms, so there it may have slept twice. A kernel thread may wait so for ever, and harms nobody.
 */
export class BlockedTasks {
  readonly #procRoot: string;
  readonly #emit: (event: Event) => void;
  /** By tid, which is the pid of a leader. */
  readonly #tasks = new Map<number, Task>();
  readonly #event: Writable<BlockedEvent> = {
    kind: 'blocked',
    at: 0,
    pid: 0,
    startedNs: 0,
    tid: 0,
    blockedMs: 0,
    site: '',
  };
  #pass = 0;

  constructor(procRoot: string, emit: (event: Event) => void) {
    this.#procRoot = procRoot;
    this.#emit = emit;
  }

  /** Looks at the event, and hands it on. */
  readonly pass = (event: Event): void => {
    switch (event.kind) {
      case 'snapshot-begin':
        this.#pass++;
        break;
      case 'process-sample':
        if (!event.isKernelThread) this.#see(event.pid, event, event.leaderRuntimeNs);
        break;
      case 'thread-sample':
        this.#see(event.tid, event, event.used.runtimeNs);
        break;
      case 'idle-sample':
        if (this.#tasks.size > 0) this.#seeIdle(event);
        break;
      case 'snapshot-end':
        if (this.#tasks.size > 0) this.#tell(event.at);
        break;
      default:
    }
    this.#emit(event);
  };

  #see(tid: number, event: ProcessSampleEvent | ThreadSampleEvent, ranNs: number): void {
    const { pid, startedNs, at, state, used } = event;
    if (state !== 'uninterruptible') {
      if (this.#tasks.size > 0) this.#tasks.delete(tid);
      return;
    }
    const known = this.#tasks.get(tid);
    if (known?.startedNs === startedNs && hasRested(known, ranNs, used)) known.pass = this.#pass;
    else
      this.#tasks.set(tid, { pid, startedNs, since: at, ranNs, used: { ...used }, site: undefined, pass: this.#pass });
  }

  /** As its last sample told, so it still waits. */
  #seeIdle({ pid, startedNs }: IdleSampleEvent): void {
    const known = this.#tasks.get(pid);
    if (known?.startedNs === startedNs) known.pass = this.#pass;
  }

  #tell(at: Instant): void {
    const event = this.#event;
    let asked = 0;

    for (const [tid, task] of this.#tasks) {
      if (task.pass !== this.#pass) {
        this.#tasks.delete(tid);
        continue;
      }
      if (at - task.since < TOLD_MS_MIN) continue;
      if (task.site === undefined && asked++ < SITES_MAX) task.site = this.#siteOf(task.pid, tid);
      event.at = at;
      event.pid = task.pid;
      event.startedNs = task.startedNs;
      event.tid = tid;
      event.blockedMs = at - task.since;
      event.site = task.site ?? '';
      this.#emit(event);
    }
  }

  /** `0` is told of whoever runs by now, and to whoever may not know. */
  #siteOf(pid: number, tid: number): string {
    try {
      const site = readFileSync(`${this.#procRoot}/${pid}/task/${tid}/wchan`, 'latin1');
      return site === '0' ? '' : site;
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      return '';
    }
  }
}

/** Others of its process may have run: what a thread has used that ended stands with its leader. */
function hasRested(known: Task, ranNs: number, used: Usage): boolean {
  return Number.isNaN(ranNs) ? isSame(known.used, used) : known.ranNs === ranNs;
}

/** What is not known is as it was: NaN is no other number than NaN. */
function isSame(one: Usage, other: Usage): boolean {
  return (
    one.runtimeNs === other.runtimeNs &&
    Object.is(one.readBytes, other.readBytes) &&
    Object.is(one.writeBytes, other.writeBytes) &&
    one.majorFaults === other.majorFaults
  );
}
