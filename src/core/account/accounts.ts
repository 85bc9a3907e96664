import type {
  CgroupCountsEvent,
  CgroupEnteredEvent,
  CgroupLimitsEvent,
  CgroupMadeEvent,
  ExecEvent,
  ExitEvent,
  ForkEvent,
  HostEvent,
  IdleSampleEvent,
  PressureEvent,
  ProcessSampleEvent,
  ReapEvent,
  ThreadSampleEvent,
  WorkloadNamedEvent,
} from '../model/event.ts';
import type { Process, Usage } from '../model/process.ts';
import type { Sheet } from '../model/sheet.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import type { Rank, Workload } from '../model/workload.ts';
import { type AccountOptions, Books } from './books.ts';
import { CgroupFigures } from './cgroup-figures.ts';
import type { Cgroups } from './cgroups.ts';
import { cpuLines } from './cpu-line.ts';
import { type Exemplar, Exemplars } from './exemplars.ts';
import { Figures } from './figures.ts';
import type { HasArgv } from './groups.ts';
import { Housekeeping } from './housekeeping.ts';
import { KernelCounts } from './kernel-counts.ts';
import { Lifecycle } from './lifecycle.ts';
import { LongestWaits } from './longest-waits.ts';
import { Naming } from './naming.ts';
import { type Overflow, overflowOf } from './overflow.ts';
import { Rates } from './rates.ts';
import { current, type Row } from './row.ts';
import type { GroupRule } from './rules.ts';
import { Snapshots } from './snapshots.ts';
import { UsageAccount } from './usage.ts';

/**
 * Sums of what processes did, by group and workload; of cgroups, by workload; of the host.
 *
 * Counters never fall while their row is open. What one row loses, another gets.
 */
export class Accounts {
  readonly rates: Rates;
  readonly cgroups: Pick<Cgroups, 'of'>;
  readonly #books: Books;
  readonly #exemplars = new Exemplars();
  readonly #lifecycle: Lifecycle;
  readonly #snapshots: Snapshots;
  readonly #kernelCounts: KernelCounts;
  readonly #figures: Figures;
  readonly #cgroupFigures: CgroupFigures;
  readonly #housekeeping: Housekeeping;
  readonly #longestWaits: LongestWaits;
  readonly #naming: Naming;

  constructor(options: AccountOptions) {
    const books = new Books(options);
    const usage = new UsageAccount(books);
    this.#books = books;
    this.cgroups = books.cgroups;
    this.#snapshots = new Snapshots(books, usage);
    this.rates = new Rates(books.members, this.#snapshots.growth, options.senses.lifecycle);
    this.#lifecycle = new Lifecycle(books, usage, this.#exemplars, this.#snapshots);
    this.#kernelCounts = new KernelCounts(books, usage);
    this.#figures = new Figures(books);
    this.#cgroupFigures = new CgroupFigures(books);
    this.#housekeeping = new Housekeeping(books, this.#exemplars);
    this.#longestWaits = new LongestWaits(books);
    this.#naming = new Naming(books, this.#housekeeping, options.onRename);
  }

  get groups(): Sheet {
    return this.#books.rows.sheet;
  }

  get workloads(): Sheet {
    return this.#books.places.sheet;
  }

  /** What is known of containers and pods beside their names. */
  get workloadInfo(): Sheet {
    return this.#books.places.info.sheet;
  }

  get host(): Sheet {
    return this.#books.host;
  }

  /** The last exit whose lifetime fell into the bucket, by slot of the sheet of workloads. */
  exemplarOf(slot: number, bucket: number): Exemplar | undefined {
    return this.#exemplars.of(slot, bucket);
  }

  groupOf(process: Process): string | undefined {
    return this.#rowOf(process)?.group.name;
  }

  workloadOf(process: Process): Workload | undefined {
    return this.#rowOf(process)?.place.workload;
  }

  /** By the name that is known by now; of a cgroup that there was no room for, `~other`. */
  workloadOfCgroup(id: CgroupId, at: Instant): Workload {
    return this.#books.placeOf(id, at).workload;
  }

  /** Empty while it is not known. */
  pathOfCgroup(id: CgroupId): string {
    return this.#books.cgroups.of(id)?.path ?? '';
  }

  /** CPU that each workload used since this was asked last, as far as it is known by now. */
  takeCpu(take: (workload: Workload, ns: number) => void): void {
    this.#books.places.takeCpu(take);
  }

  /** By name of workload, where all weights are known: from the topmost cgroup down to its own. */
  cpuLines(): Map<string, readonly Rank[]> {
    return cpuLines(this.#books.cgroups.values());
  }

  /** For who starts or execs from now on, and at the next snapshot for all. What was counted stays where it is. */
  setRules(rules: readonly GroupRule[]): void {
    this.#books.groups.setRules(rules);
    this.#books.members.names.fill('');
  }

  /** All that it is known to have used, its threads included, as last told. */
  usageOf(process: Process): Usage | undefined {
    const { members } = this.#books;
    return members.has(process.slot) ? members.counted(process.slot) : undefined;
  }

  overflow(): Overflow {
    return overflowOf(this.#books, this.#housekeeping);
  }

  /** Processes are undefined where the tree has none. */
  fork(event: ForkEvent, process: Process | undefined, parent: Process | undefined): void {
    this.#lifecycle.fork(event, process, parent);
  }

  exec(event: ExecEvent, process: Process | undefined, parent: Process | undefined): void {
    this.#lifecycle.exec(event, process, parent);
  }

  exit(event: ExitEvent, process: Process | undefined): void {
    this.#lifecycle.exit(event, process);
  }

  reap(event: ReapEvent, process: Process | undefined): void {
    this.#lifecycle.reap(event, process);
  }

  enter(event: CgroupEnteredEvent, process: Process | undefined): void {
    this.#naming.place(event.cgroupId, event.path, event.at);
    if (process !== undefined) this.#lifecycle.place(process, event.at);
  }

  /** The process left the tree; `waiter` is who had to wait for it. */
  end(process: Process, waiter: Process | undefined): void {
    this.#lifecycle.end(process, waiter);
  }

  /** Its slot will be another's. */
  forget(process: Process): void {
    this.#lifecycle.forget(process);
  }

  beginSnapshot(): void {
    this.#books.epoch++;
  }

  sample(event: ProcessSampleEvent, process: Process, parent: Process | undefined, source: HasArgv): void {
    this.#lifecycle.meet(process, parent, source, event.at);
    this.#snapshots.sample(event, process);
  }

  sampleThread(event: ThreadSampleEvent, process: Process): void {
    this.#snapshots.sampleThread(event, process);
  }

  /** What was sampled of it before holds. Rules and places may have changed, so it is met as well. */
  sampleIdle(event: IdleSampleEvent, process: Process, parent: Process | undefined, source: HasArgv): void {
    this.#lifecycle.meet(process, parent, source, event.at);
    this.#snapshots.sampleIdle(event, process);
  }

  endSnapshot(live: readonly Process[], at: Instant): void {
    this.#snapshots.end(live, at);
    this.rates.observe(live, at);
    this.sweep(at);
  }

  makeCgroup(event: CgroupMadeEvent): void {
    const cgroup = this.#books.cgroups.of(event.cgroupId);
    // It had only been out of sight.
    if (cgroup !== undefined) cgroup.removedAt = Number.NaN;
    this.#naming.place(event.cgroupId, event.path, event.at);
  }

  removeCgroup(event: CgroupMadeEvent): void {
    const cgroup = this.#books.cgroups.of(event.cgroupId);
    if (cgroup === undefined) return;
    cgroup.removedAt = event.at;
    this.#cgroupFigures.release(cgroup);
  }

  name(event: WorkloadNamedEvent): void {
    this.#naming.name(event);
  }

  counts(event: CgroupCountsEvent): void {
    this.#kernelCounts.observe(event);
  }

  pressure(event: PressureEvent): void {
    this.#figures.pressure(event);
  }

  limits(event: CgroupLimitsEvent): void {
    this.#cgroupFigures.observe(event);
  }

  /** All that there are; who is not among them has none. */
  showLongestWaits(waits: Iterable<readonly [cgroupId: CgroupId, seconds: number]>, at: Instant): void {
    this.#longestWaits.show(waits, at);
  }

  hostTotals(event: HostEvent): void {
    this.#figures.host(event);
  }

  sweep(at: Instant): void {
    this.#housekeeping.sweep(at);
  }

  /** Its row may have become a part of another meanwhile. */
  #rowOf({ slot }: Process): Row | undefined {
    const row = this.#books.members.rows[slot];
    return row && current(row);
  }
}
