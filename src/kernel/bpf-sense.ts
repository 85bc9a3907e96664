import type { Event } from '../core/model/event.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { BatchReader } from '../libbpf-ts/index.ts';
import { CgroupCounts } from './counts.ts';
import { Drain } from './drain.ts';
import { type EventCount, EventCounts } from './event-counts.ts';
import { IoSense } from './io-sense.ts';
import { ProbeCosts } from './probe-costs.ts';
import { type Probe, Probes, type ProbesOptions } from './probes.ts';
import type { MapReading, Sense, SenseContext } from './sense.ts';
import { Snapshots } from './snapshot.ts';
import { Stalls } from './stalls.ts';
import { threadCpuMs } from './thread-cpu.ts';
import { V1Ids } from './v1-ids.ts';
import { LOOK_EVERY_MS, Waiting } from './waiting.ts';
import { withQuotas } from './waits.ts';

export interface BpfOptions extends ProbesOptions {
  readonly drainHz: number;
  readonly blameIo: 'auto' | 'on' | 'off';
}

/** How often names are read when no event tells of new ones. */
const NAMES_EVERY_MS = 60_000;
const STALLS_EVERY_MS = 1_000;
/** `BPF_MAP_TYPE_HASH` and `BPF_MAP_TYPE_LRU_HASH`: the kinds that fill up. */
const HASHES: ReadonlySet<number> = new Set([1, 9]);

/** Sees by probes and by the task iterator. */
export class BpfSense implements Sense {
  readonly mode = 'bpf';
  readonly snapshotShare = 0.003;

  readonly #context: SenseContext;
  readonly #drainHz: number;
  readonly #probes: Probes;
  readonly #drain: Drain;
  readonly #eventCounts: EventCounts;
  readonly #cgroupCounts: CgroupCounts;
  /** How full those are that can be. */
  readonly #fillings: ReadonlyMap<string, BatchReader>;
  readonly #stalls: Stalls;
  readonly #quotaOf: (id: CgroupId) => CgroupId;
  #waiting: Waiting | undefined;
  readonly #costs: ProbeCosts;
  readonly #memoryStalls: Stalls;
  readonly io: IoSense;
  #snapshots: Snapshots | undefined;
  #lostBefore = 0;
  /** The probes take for told what the last snapshot did not deliver. */
  #isBroken = false;
  #namesAt: Instant = Number.NEGATIVE_INFINITY;

  /** Loads and attaches, and holds on to what comes until `start`. Throws when probes can't run here. */
  static open(options: BpfOptions, context: SenseContext): BpfSense {
    const probes = Probes.load({ ...options, tree: context.tree });

    try {
      const sense = new BpfSense(probes, options, context);
      probes.attach();
      return sense;
    } catch (error) {
      probes.close();
      throw error;
    }
  }

  private constructor(probes: Probes, options: BpfOptions, context: SenseContext) {
    this.#context = context;
    this.#drainHz = options.drainHz;
    this.#probes = probes;
    this.#drain = new Drain(probes.map('events'), this.#onEvent);
    this.#eventCounts = new EventCounts(probes.map('event_counts'), this.#drain);
    this.#cgroupCounts = new CgroupCounts(
      probes.map('cgroups'),
      context.cgroups,
      context.emit,
      () => probes.link('on_switch') !== undefined,
    );
    const ids = new V1Ids(context.cpuMount);
    this.#quotaOf = (id) => ids.of(id, context.cgroups.live.values(), context.now());
    this.#stalls = new Stalls({
      blames: probes.map('blames'),
      cpus: probes.map('cpus'),
      resource: 'cpu',
      basis: probes.infersWaits ? 'inferred' : 'measured',
      emit: context.emit,
      quotaOf: this.#quotaOf,
    });
    this.#costs = new ProbeCosts(probes.map('probe_costs'));
    this.#memoryStalls = new Stalls({
      blames: probes.map('memory_blames'),
      resource: 'memory',
      basis: 'measured',
      emit: context.emit,
    });
    this.io = new IoSense(probes, options.blameIo, context);
    const hashes = probes.maps.filter(({ type }) => HASHES.has(type));
    this.#fillings = new Map(hashes.map((map) => [map.name, new BatchReader(map)]));
  }

  get tellsCgroups(): boolean {
    return ['on_cgroup_mkdir', 'on_cgroup_rmdir'].every((name) => this.#probes.link(name) !== undefined);
  }

  get infersWaits(): boolean {
    return this.#probes.infersWaits;
  }

  get #seesWaits(): boolean {
    return this.#probes.link(this.infersWaits ? 'on_turn' : 'on_switch') !== undefined;
  }

  start(): void {
    const { collectors, governor, now, schedule } = this.#context;

    this.#drain.start(schedule, this.#drainHz);
    this.#startLooking();
    this.io.start();
    governor.onLevel((level) => this.io.allow(level > 0));
    schedule.every(STALLS_EVERY_MS, () => {
      // First what cgroups there are: whose path is not known yet, its blame would go to somebody else's row for good.
      this.#drain.all();
      if (this.#seesWaits) collectors.run('stalls', () => this.#stalls.read(now()));
      collectors.run('memory_stalls', () => this.#memoryStalls.read(now()));
      if (this.io.isOn) collectors.run('io_stalls', () => this.io.read(now()));
      return undefined;
    });
  }

  async snapshot(): Promise<number> {
    const { collectors, now } = this.#context;
    const isWhole = this.#mustBeWhole();
    const beganMs = threadCpuMs();

    this.#isBroken = true;
    collectors.run('snapshot', () => {
      this.#openSnapshots().take(isWhole);
      this.#isBroken = false;
    });

    if (isWhole) this.#namesAt = now();
    collectors.run('cgroup_counts', () => this.#cgroupCounts.read(now()));
    return threadCpuMs() - beganMs;
  }

  observeIoPressure(someSeconds: number, at: Instant): void {
    this.io.observePressure(someSeconds, at);
  }

  probes(): Probe[] {
    const costs = this.#costs.read();
    // Summed with the stalls, once a second.
    costs.set('on_switch', this.#stalls.cost);
    return this.#probes.list(costs);
  }

  maps(): MapReading[] {
    return this.#probes.maps.map((map) => ({
      map: map.name,
      entries:
        map.name === 'events' ? this.#drain.pendingBytes() : (this.#fillings.get(map.name)?.count() ?? Number.NaN),
      capacity: map.capacity,
      memoryBytes: map.memoryBytes(),
    }));
  }

  eventCounts(): EventCount[] {
    return this.#eventCounts.read();
  }

  unreadable(): number {
    return this.#drain.unreadable + (this.#snapshots?.unreadable ?? 0) + (this.#waiting?.unreadable ?? 0);
  }

  missedWaits(): ReadonlyMap<string, number> {
    return new Map([
      ['io', this.io.missed()],
      ['memory', this.#probes.missedReclaims()],
    ]);
  }

  close(): void {
    this.#waiting?.close();
    this.#drain.close();
    this.#probes.close();
  }

  #startLooking(): void {
    const { collectors, governor, now, procRoot, schedule } = this.#context;
    const link = this.#probes.link('waiting');
    if (link === undefined) return;

    const waiting = new Waiting({ link, throttlings: this.#probes.map('throttlings'), procRoot, emit: this.#onEvent });
    this.#waiting = waiting;
    schedule.every(LOOK_EVERY_MS, () => {
      let pauseMs = LOOK_EVERY_MS;
      if (governor.level === 0) {
        waiting.giveUp(now());
        return pauseMs;
      }
      collectors.run('waiting', () => {
        pauseMs = waiting.look(now());
      });
      return pauseMs;
    });
  }

  #mustBeWhole(): boolean {
    const { isShort, now } = this.#context;
    // Both forget what they answered.
    const [hasLost, lacks] = [this.#lostSomething(), isShort()];

    return hasLost || lacks || this.#isBroken || now() - this.#namesAt >= this.#namesEveryMs();
  }

  /** After a loss names may be missing, and cgroups may have come and gone untold. */
  #lostSomething(): boolean {
    const counts = this.#eventCounts.read();
    const lost = counts.reduce((sum, each) => sum + each.lost, 0);
    const hasGrown = lost > this.#lostBefore;

    if (hasGrown) this.#context.cgroups.walkWanted = true;
    this.#lostBefore = lost;
    return hasGrown;
  }

  /** Exec events tell each name; without them only snapshots do. */
  #namesEveryMs(): number {
    return this.#probes.link('on_exec') !== undefined && this.#namesAt >= 0 ? Number.POSITIVE_INFINITY : NAMES_EVERY_MS;
  }

  #openSnapshots(): Snapshots {
    const { emit, now } = this.#context;

    this.#snapshots ??= new Snapshots({
      plain: this.#probes.link('snapshot'),
      whole: this.#probes.link('snapshot_names'),
      drain: this.#drain,
      emit,
      now,
    });
    return this.#snapshots;
  }

  readonly #onEvent = (event: Event): void => {
    if (event.kind === 'cgroup-made' || event.kind === 'cgroup-removed') this.#context.cgroups.observe(event);
    this.#context.emit(withQuotas(event, this.#quotaOf));
  };
}
