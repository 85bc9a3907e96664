import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CgroupCountsEvent, Event } from '../../../src/core/model/event.ts';
import { CountsDecoder } from '../../../src/core/wire/counts.ts';
import { Decoder, decodeSamples } from '../../../src/core/wire/decoder.ts';
import {
  type BpfLink,
  BpfObject,
  type Btf,
  IteratorReader,
  kernelBtf,
  pageSizeBytes,
  possibleCpus,
  RingReader,
  tracepointArguments,
} from '../../../src/libbpf-ts/index.ts';
import type { Cgroup } from '../../support/cgroup.ts';
import { until } from '../../support/until.ts';

const FOLDER = fileURLToPath(new URL('../../../bpf', import.meta.url));
const OBJECT = fileURLToPath(new URL('../../../dist/culprit.bpf.o', import.meta.url));

/** Measured: 10 to 30 ms on a quiet machine. */
const RCU_GRACE_MS = 1_000;
const EXIT_TELLS_GROUP_DEAD = 2;
const MARK_VICTIM_PASSES_TASK = 2;
/** For kernels that lack what the others of the scheduler need. */
const INFERRING: readonly string[] = ['on_wakeup', 'on_wakeup_new', 'on_turn'];
export const ITERATORS: readonly string[] = ['snapshot', 'snapshot_names', 'waiting'];

/** Of one kind of event, over all CPUs. */
export interface Tally {
  readonly produced: number;
  readonly lost: number;
}

export interface Options {
  readonly ringBytes?: number;
  readonly cgroupsMax?: number;
  /** From how long on a wait for a CPU is told. */
  readonly longWaitNs?: number;
  /** Only these programs are loaded. */
  readonly only?: readonly string[];
}

/** Since 6.16: whether an exit is told while the process still has its memory. */
export const exitSeesMemory = (): boolean => exitTellsGroupDead(kernelBtf());

/** Since 6.5. */
const tellsIoStart = (btf: Btf): boolean => tracepointArguments(btf, 'block_io_start') !== undefined;

const exitTellsGroupDead = (btf: Btf): boolean =>
  tracepointArguments(btf, 'sched_process_exit') === EXIT_TELLS_GROUP_DEAD;

/** Opens the probes as the exporter does, told what this kernel's tracepoints pass. */
export function openProbes({ ringBytes, cgroupsMax, longWaitNs, only }: Options = {}): BpfObject {
  execFileSync('make', ['--silent', '-C', FOLDER]);

  const btf = kernelBtf();
  const object = BpfObject.open(OBJECT).configure({
    exit_tells_group_dead: exitTellsGroupDead(btf),
    page_bytes: pageSizeBytes(),
    loaded_ns: process.hrtime.bigint(),
  });
  const passesTask = tracepointArguments(btf, 'mark_victim') === MARK_VICTIM_PASSES_TASK;

  object.map('cpus').capacity = possibleCpus();
  object.map('pasts').capacity = possibleCpus();
  if (longWaitNs !== undefined) object.configure({ long_wait_ns: longWaitNs });
  if (ringBytes !== undefined) object.map('events').capacity = ringBytes;
  if (cgroupsMax !== undefined) object.map('cgroups').capacity = cgroupsMax;
  object.program(passesTask ? 'on_oom_pid' : 'on_oom_task').autoload = false;
  for (const name of tellsIoStart(btf) ? ['on_io_issue'] : ['on_io_start', 'on_io_done'])
    object.program(name).autoload = false;
  for (const name of INFERRING) object.program(name).autoload = only?.includes(name) ?? false;
  for (const program of object.programs)
    if (only !== undefined && !only.includes(program.name)) program.autoload = false;
  return object;
}

/** The probes at work, and all that they have told so far. */
export class Probes {
  readonly object: BpfObject;
  readonly events: Event[] = [];
  readonly #ring: RingReader;
  readonly #decoder: Decoder;
  readonly #links: BpfLink[] = [];

  constructor(options: Options = {}) {
    this.object = openProbes(options).load();
    this.object.map('cgroups').set(key(0), new Uint8Array(this.object.map('cgroups').valueBytes));
    this.#ring = new RingReader(this.object.map('events'));
    this.#decoder = new Decoder(this.#ring.bytes);
    for (const program of this.object.programs)
      if (program.loaded && !ITERATORS.includes(program.name)) this.#links.push(program.attach());
  }

  /** Reads the ring; everything so far is in `events`. */
  drain(): readonly Event[] {
    this.#ring.drain((offset, length) => {
      const event = this.#decoder.decode(offset, length);

      if (event !== undefined) this.events.push(kept(event));
    });
    return this.events;
  }

  of<Kind extends Event['kind']>(kind: Kind): readonly (Event & { kind: Kind })[] {
    return this.drain().filter((event) => event.kind === kind) as (Event & { kind: Kind })[];
  }

  /** The events of one kind that carry this cgroup's id. */
  in<Kind extends Event['kind']>(cgroup: number, kind: Kind): readonly (Event & { kind: Kind })[] {
    return this.of(kind).filter((event) => 'cgroupId' in event && event.cgroupId === cgroup);
  }

  /** The kernel's last word on a process comes some milliseconds after wait(2). */
  until(what: string, found: () => boolean): Promise<boolean> {
    return until(found, { what });
  }

  /** Resolves when a grace period of RCU, after which all reaps have come, is surely over. */
  async settle(): Promise<void> {
    await sleep(RCU_GRACE_MS);
    this.drain();
  }

  tally(kind: number): Tally {
    const bytes = new BigUint64Array(this.object.map('event_counts').get(u32(kind))!.buffer);
    const sum = (member: number) =>
      Array.from({ length: possibleCpus() }, (_, cpu) => Number(bytes[cpu * 2 + member])).reduce((a, b) => a + b, 0);

    return { produced: sum(0), lost: sum(1) };
  }

  /** Whether anything was counted of a cgroup. */
  has(cgroupId: number): boolean {
    return this.object.map('cgroups').get(key(cgroupId)) !== undefined;
  }

  /** What the map holds for a cgroup; throws when it has no entry. */
  counts(cgroupId: number): CgroupCountsEvent {
    return new CountsDecoder(this.object.map('cgroups').get(key(cgroupId))!).decode(0, cgroupId, 0);
  }

  /** From here on nothing more is told. */
  detach(): void {
    for (const link of this.#links) link.close();
  }

  get unreadable(): number {
    return Object.values(this.#decoder.unreadable).reduce((sum, count) => sum + count, 0);
  }

  [Symbol.dispose](): void {
    this.#ring.close();
    this.object.close();
  }
}

/** The id by which the kernel knows it: its directory's inode number. */
export const idOf = (cgroup: Cgroup): number => statSync(cgroup.folder).ino;

/** One pass over all tasks of the host. */
export function samples(object: BpfObject, program = 'snapshot_names'): readonly Event[] {
  using link = object.program(program).attach();
  const bytes = new IteratorReader(link).run();
  const found: Event[] = [];

  decodeSamples(new Decoder(bytes), bytes.length, (event) => found.push(structuredClone(event)));
  return found;
}

/** The decoder fills the same object again for the next event. */
function kept(event: Event): Event {
  return event.kind === 'exec' ? { ...structuredClone(event), argv: event.argv.slice() } : structuredClone(event);
}

const u32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer);
const key = (cgroupId: number): Uint8Array => new Uint8Array(new BigUint64Array([BigInt(cgroupId)]).buffer);
