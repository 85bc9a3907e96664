import type { Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import { BlockedTasks } from './blocked.ts';
import { CgroupPasses } from './cgroup-passes.ts';
import { Cgroups } from './cgroups.ts';
import { type CollectorReading, Collectors } from './collectors.ts';
import type { EventCount } from './event-counts.ts';
import { Governor, type GovernorReading } from './governor.ts';
import { HostReader } from './host-reader.ts';
import { KeptFiles } from './kept-files.ts';
import { Limits, QUIET_PAUSE_MS_WITH_PROBES } from './limits.ts';
import { type CgroupMounts, findCgroupMounts } from './mounts.ts';
import { governOwnCost } from './own-cost.ts';
import { PRESSURE_INTERVAL_MS_MIN, Pressure } from './pressure.ts';
import type { Probe } from './probes.ts';
import { ProcfsSense } from './procfs-sense.ts';
import { Schedule } from './schedule.ts';
import { reasonOf } from './scratch.ts';
import { readSelf } from './self.ts';
import type { MapReading, Sense, SenseContext } from './sense.ts';

export interface KernelOptions {
  /** `auto`: probes where they run, else `/proc`. `bpf`: probes or nothing. */
  readonly mode: 'auto' | 'bpf' | 'procfs';
  /** Where the host's `/proc` is, and its v2 cgroups; an empty `cgroup` means where they are mounted. */
  readonly roots: { readonly proc: string; readonly cgroup: string };
  /** Empty: the object that was built with this code. */
  readonly objectPath: string;
  readonly ringBytes: number;
  readonly drainHz: number;
  /** The least pause between snapshots; it grows so that they cost 0.3 % of a core (from `/proc`: 2 %). */
  readonly snapshotSeconds: number;
  readonly cgroupSeconds: number;
  /** When requests to block devices are looked at: always, never, or while tasks wait for them. */
  readonly blameIo: 'auto' | 'on' | 'off';
  /** At least 0.5. */
  readonly pressureSeconds: number;
  /** Percent of one CPU above which optional senses are given up: one level when it lasts, all at once. */
  readonly stepDownPercent: number;
  readonly stopPercent: number;
  /** Called synchronously; the event is good until it returns. */
  readonly emit: (event: Event) => void;
  /** Asked before each snapshot: whether the last one was short of something, so that the next must tell everything. */
  readonly isShort?: () => boolean;
  /** CLOCK_MONOTONIC in milliseconds. */
  readonly now: () => Instant;
  /** One line for the log: we see less than we should. */
  readonly warn: (message: string) => void;
}

/** Snapshots never come more rarely. */
const SNAPSHOT_PAUSE_MS_MAX = 60_000;
/** The kernel tells a thread its CPU in steps of a tick, so only the average of many means something. */
const COST_SMOOTHING = 0.1;

/**
 * Opens what tells of processes, and attaches the probes; nothing is emitted before `start`.
 *
 * Throws when mode is `bpf` and probes can't run here, and when `/proc` is not there.
 */
export async function openKernel(options: KernelOptions): Promise<Kernel> {
  const { emit, now, roots, warn } = options;
  const mounts = findCgroupMounts(roots.proc, roots.cgroup);
  const context: SenseContext = {
    procRoot: roots.proc,
    tree: mounts.tree,
    cpuMount: mounts.v1.cpu,
    ioMount: mounts.v1.io,
    cgroups: new Cgroups({ ...mounts, emit, now }),
    collectors: new Collectors(now, (collector, reason) => warn(`collector ${collector} failed: ${reason}`)),
    schedule: new Schedule(now),
    governor: new Governor({
      levelMax: 1,
      stepDownRatio: options.stepDownPercent / 100,
      stopRatio: options.stopPercent / 100,
    }),
    emit: new BlockedTasks(roots.proc, emit).pass,
    isShort: options.isShort ?? (() => false),
    now,
  };
  const reasons: string[] = [];
  const sense = await openSense(options, context, reasons);

  if (mounts.tree === undefined) reasons.push('no cgroup hierarchy is mounted: every process counts for the host');
  else if (!mounts.whole)
    reasons.push(`only a part of the cgroups is at ${mounts.tree.path}: who lives elsewhere has no name`);
  return new Kernel(options, context, sense, reasons, mounts);
}

async function openSense(options: KernelOptions, context: SenseContext, reasons: string[]): Promise<Sense> {
  if (options.mode === 'procfs') {
    reasons.push('probes are switched off: mode is procfs');
    return new ProcfsSense(context);
  }
  try {
    // Where the foreign function interface itself can't be loaded, we still run.
    const { BpfSense } = await import('./bpf-sense.ts');
    const sense = BpfSense.open(options, context);
    if (sense.infersWaits)
      reasons.push('who held a CPU is inferred from wake-ups: this kernel is built without CONFIG_FAIR_GROUP_SCHED');
    return sense;
  } catch (error) {
    if (options.mode === 'bpf') throw error;
    reasons.push(`probes can't run, ${options.roots.proc} tells less: ${reasonOf(error)}`);
    return new ProcfsSense(context);
  }
}

/** Talks to Linux, and tells what it learns as events. */
export class Kernel {
  readonly mode: 'bpf' | 'procfs';
  readonly #options: KernelOptions;
  readonly #context: SenseContext;
  readonly #sense: Sense;
  readonly #reasons: readonly string[];
  readonly #kept: KeptFiles;
  readonly #pressure: Pressure;
  readonly #passes: CgroupPasses;
  readonly #host: HostReader;
  #snapshotMs: number | undefined;
  #started = false;
  #closed = false;

  constructor(
    options: KernelOptions,
    context: SenseContext,
    sense: Sense,
    reasons: readonly string[],
    { unified, v1 }: CgroupMounts,
  ) {
    this.mode = sense.mode;
    this.#options = options;
    this.#context = context;
    this.#sense = sense;
    this.#reasons = reasons;
    this.#kept = new KeptFiles({ unified, ...v1 }, readSelf().maxFds / 2);
    this.#pressure = new Pressure(options.roots.proc, this.#kept, (event) => {
      if (event.kind === 'pressure' && event.cgroupId === 0 && event.resource === 'io')
        sense.observeIoPressure(event.someSeconds, event.at);
      options.emit(event);
    });
    const quietPauseMs = sense.mode === 'bpf' ? QUIET_PAUSE_MS_WITH_PROBES : undefined;
    const limits = new Limits(this.#kept, this.#pressure, options.emit, quietPauseMs);
    this.#passes = new CgroupPasses(context, this.#kept, limits, options.cgroupSeconds * 1000);
    this.#host = new HostReader(options.roots.proc);
  }

  /** Seeds cgroups, processes and totals, then goes on by itself until `stop`. Resolves when seeded; call it once. */
  async start(): Promise<void> {
    const { schedule } = this.#context;
    const { cgroupSeconds, pressureSeconds, snapshotSeconds } = this.#options;
    if (this.#started || this.#closed) throw new Error('cannot start the kernel twice');

    this.#started = true;
    this.#sense.start();
    this.#passes.seed();
    this.#readHost();
    await this.#snapshot();
    schedule.every(Math.max(PRESSURE_INTERVAL_MS_MIN, pressureSeconds * 1000), () => this.#readHost());
    schedule.every(cgroupSeconds * 1000, () => this.#passes.turn(!this.#sense.tellsCgroups));
    schedule.every(snapshotSeconds * 1000, () => this.#snapshot());
    governOwnCost(this.#context, () => this.#probeSeconds());
  }

  /** Detaches the probes and closes everything. Safe to call twice, and without `start`. */
  async stop(): Promise<void> {
    await this.#context.schedule.stop();
    if (this.#closed) return;

    this.#closed = true;
    this.#sense.close();
    this.#pressure.close();
    this.#host.close();
    this.#kept.close();
  }

  /** In what we see less than we could; empty when all senses work. */
  reasons(): string[] {
    const probes = this.probes().filter(({ attached, reason }) => !attached && reason !== undefined);

    return [...this.#reasons, ...probes.map(({ name, reason }) => `probe ${name} is not attached: ${reason}`)];
  }

  /** Empty after `stop`, as are the maps and counts. */
  probes(): Probe[] {
    return this.#closed ? [] : this.#sense.probes();
  }

  maps(): MapReading[] {
    return this.#closed ? [] : this.#sense.maps();
  }

  eventCounts(): EventCount[] {
    return this.#closed ? [] : this.#sense.eventCounts();
  }

  /** Records that could not be read: a sign that object and code are of different versions. */
  unreadable(): number {
    return this.#sense.unreadable();
  }

  /** Of which nobody is accused. */
  missedWaits(): ReadonlyMap<string, number> {
    return this.#closed ? new Map() : this.#sense.missedWaits();
  }

  /** What we cost, and what was given up for it. */
  governor(): GovernorReading {
    return this.#context.governor.reading;
  }

  collectors(): ReadonlyMap<string, CollectorReading> {
    return this.#context.collectors.readings;
  }

  /** How late work began, at worst, in the last 15 to 30 s. */
  lagSeconds(): number {
    return this.#context.schedule.lagMs() / 1000;
  }

  async #snapshot(): Promise<number> {
    const usualMs = this.#options.snapshotSeconds * 1000;
    const costMs = await this.#sense.snapshot();

    // The first is dearer than any other: nothing is warm, and it reads all names.
    if (this.#snapshotMs === undefined) this.#snapshotMs = 0;
    else this.#snapshotMs = costMs * COST_SMOOTHING + (this.#snapshotMs || costMs) * (1 - COST_SMOOTHING);
    return Math.max(usualMs, Math.min(this.#snapshotMs / this.#sense.snapshotShare, SNAPSHOT_PAUSE_MS_MAX));
  }

  /** CPU that our probes took of other processes. */
  #probeSeconds(): number {
    return this.probes().reduce((sum, { runSeconds }) => sum + (runSeconds || 0), 0);
  }

  #readHost(): undefined {
    const { collectors, emit, now } = this.#context;

    collectors.run('host', () => emit(this.#host.read(now())));
    collectors.run('pressure', () => this.#pressure.readHost(now()));
    emit({ kind: 'tick', at: now() });
  }
}
