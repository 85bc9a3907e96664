import type { Engine } from '../../../src/core/engine/engine.ts';
import type { Event, ProcessSampleEvent } from '../../../src/core/model/event.ts';
import { EXIT_REASONS, type ExitReason, type Usage } from '../../../src/core/model/process.ts';
import { sample } from './events.ts';

/** A process as the kernel has it. */
export interface Being {
  readonly pid: number;
  readonly startedNs: number;
  readonly parent: Being | undefined;
  comm: string;
  exe: string;
  cgroupId: number;
  isZombie: boolean;
  runtimeNs: number;
  /** Since a snapshot told all of it. */
  hasRun: boolean;
  /** Of it, before we looked. */
  readonly runtimeBeforeNs: number;
}

/** What is true of a cgroup, whatever was told. */
export interface Truth {
  forks: number;
  execs: number;
  exits: Record<ExitReason, number>;
  lost: { forks: number; execs: number; exits: number[] };
  lostRuntimeNs: number;
}

/**
 * A small kernel: it lets processes live, tells the engine as the probes would, and keeps the truth to compare with.
 *
 * `loses` says of each record whether the ring had no room for it.
 */
export class World {
  readonly beings = new Map<number, Being>();
  readonly truth = new Map<number, Truth>();
  /** CPU that all processes used since we look. */
  runtimeNs = 0;
  now = 1_000;
  /** From one snapshot to the next. */
  snapshotMs = 1_000;

  readonly #engine: Engine;
  readonly #loses: () => boolean;
  readonly #late: Event[] = [];
  #snapshots = 0;
  #hasLost = false;
  #clockNs = 1e9;

  constructor(engine: Engine, loses: () => boolean = () => false) {
    this.#engine = engine;
    this.#loses = loses;
  }

  cgroup(cgroupId: number, path: string): void {
    this.#engine.observe({ kind: 'cgroup-made', at: this.now, cgroupId, path });
  }

  /** It was there before us; only a snapshot will tell of it. */
  find(pid: number, exe: string, cgroupId: number, runtimeNs = 0, parent?: Being): Being {
    const startedNs = this.#clockNs++;
    const being = { pid, startedNs, parent, comm: exe.slice(0, 15), exe, cgroupId, isZombie: false, runtimeNs };
    const found = { ...being, hasRun: true, runtimeBeforeNs: runtimeNs };
    this.beings.set(pid, found);
    return found;
  }

  fork(parent: Being, pid: number): Being {
    const startedNs = this.#clockNs++;
    const { comm, exe, cgroupId } = parent;
    const of = { pid, startedNs, parent, comm, exe, cgroupId };
    const child = { ...of, isZombie: false, runtimeNs: 0, hasRun: true, runtimeBeforeNs: 0 };
    this.beings.set(pid, child);
    parent.hasRun = true;
    const truth = this.#of(cgroupId);
    truth.forks++;
    const begat = { parentPid: parent.pid, parentStartedNs: parent.startedNs, uid: 0, comm };
    if (!this.#tell({ kind: 'fork', ...this.#header(child), ...begat })) truth.lost.forks++;
    return child;
  }

  exec(being: Being, exe: string): void {
    being.hasRun = true;
    being.exe = exe;
    being.comm = exe.slice(0, 15);
    const truth = this.#of(being.cgroupId);
    truth.execs++;
    const argv = Buffer.from(`/bin/${exe}\0--flag\0`);
    const event = { kind: 'exec', ...this.#header(being), uid: 0, comm: being.comm, exe, argv } as const;
    if (!this.#tell(event)) truth.lost.execs++;
  }

  burn(being: Being, runtimeNs: number): void {
    being.hasRun = true;
    being.runtimeNs += runtimeNs;
    this.runtimeNs += runtimeNs;
  }

  exit(being: Being, reason: ExitReason, lifetimeNs = 1e6): void {
    being.hasRun = true;
    being.isZombie = true;
    const truth = this.#of(being.cgroupId);
    truth.exits[reason]++;
    const of = { status: 0, reason, lifetimeNs, rssPeakBytes: 1, used: used(being), comm: being.comm };
    if (!this.#tell({ kind: 'exit', ...this.#header(being), ...of }))
      truth.lost.exits[EXIT_REASONS.indexOf(reason)]! += 1;
  }

  /** `isLate`: told after the next snapshot, as the kernel may, which frees the dead when it has the time. */
  reap(being: Being, isLate = false): void {
    this.beings.delete(being.pid);
    const event: Event = { kind: 'reap', ...this.#header(being), used: used(being) };
    if (isLate) this.#late.push(event);
    else this.#tellReap(event);
  }

  move(being: Being, cgroupId: number): void {
    being.cgroupId = cgroupId;
    this.#engine.observe({ kind: 'cgroup-entered', ...this.#header(being), path: '' });
  }

  snapshot(): void {
    this.now += this.snapshotMs;
    this.#engine.observe({ kind: 'snapshot-begin', at: this.now });
    const isWhole = this.#engine.tree.takeShort() || this.#hasLost;
    this.#hasLost = false;
    this.#snapshots++;
    for (const being of this.beings.values()) this.#engine.observe(this.#look(being, isWhole));
    this.#engine.observe({ kind: 'snapshot-end', at: this.now });
    for (const event of this.#late.splice(0)) this.#tellReap(event);
    for (const cgroupId of this.truth.keys()) this.counts(cgroupId);
  }

  /** Who has not run is only said to be there, but now and then, and after a loss, all is told of everyone. */
  #look(being: Being, isWhole: boolean): Event {
    if (!isWhole && !being.hasRun && (this.#snapshots + being.pid) % 12 > 0)
      return { kind: 'idle-sample', at: this.now, pid: being.pid, startedNs: being.startedNs };
    being.hasRun = false;
    return this.sample(being);
  }

  sample(being: Being): ProcessSampleEvent {
    return sample(being.pid, {
      ...this.#header(being),
      parentPid: being.parent?.pid ?? 0,
      parentStartedNs: being.parent?.startedNs ?? 0,
      uid: 0,
      comm: being.comm,
      exe: being.exe,
      state: being.isZombie ? 'zombie' : 'sleeping',
      used: used(being),
    });
  }

  counts(cgroupId: number): void {
    const truth = this.#of(cgroupId);
    const { forks, execs } = truth;
    this.#engine.observe({
      kind: 'cgroup-counts',
      at: this.now,
      cgroupId,
      forks,
      execs,
      exits: EXIT_REASONS.map((reason) => truth.exits[reason]),
      threads: 0,
      oomKills: 0,
      runDelayNs: 0,
      longWaits: 0,
      longWaitsUntold: 0,
      lifetimeNs: 0,
      lifetimes: new Array<number>(9).fill(0),
      lost: truth.lost,
      lostUsage: { ...usage(truth.lostRuntimeNs) },
    });
  }

  #tellReap(event: (Event & { readonly kind: 'reap' }) | Event): void {
    if (event.kind === 'reap' && !this.#tell(event)) this.#of(event.cgroupId).lostRuntimeNs += event.used.runtimeNs;
  }

  #tell(event: Event): boolean {
    this.now += 0.01;
    if (this.#loses()) {
      this.#hasLost = true;
      return false;
    }
    this.#engine.observe(event);
    return true;
  }

  #header({ pid, startedNs, cgroupId }: Being) {
    return { at: this.now, pid, startedNs, cgroupId };
  }

  #of(cgroupId: number): Truth {
    const known = this.truth.get(cgroupId);
    if (known !== undefined) return known;
    const exits = { ok: 0, error: 0, signal: 0, oom: 0 };
    const lost = { forks: 0, execs: 0, exits: [0, 0, 0, 0] };
    const truth = { forks: 0, execs: 0, exits, lost, lostRuntimeNs: 0 };
    this.truth.set(cgroupId, truth);
    return truth;
  }
}

export function usage(runtimeNs: number): Usage {
  return { runtimeNs, userNs: runtimeNs / 4, systemNs: runtimeNs / 4, readBytes: 0, writeBytes: 0, majorFaults: 0 };
}

function used(being: Being): Usage {
  return usage(being.runtimeNs);
}
