import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type BpfLink,
  type BpfMap,
  BpfObject,
  type Btf,
  hasKernelBtf,
  type KernelError,
  kernelBtf,
  layoutOf,
  loadWhatWorks,
  pageSizeBytes,
  possibleCpus,
  readU64,
  tracepointArguments,
} from '../libbpf-ts/index.ts';
import type { CgroupTree, TreeController } from './mounts.ts';
import type { ProbeCost } from './probe-costs.ts';
import { reasonOf } from './scratch.ts';

/** A BPF program and how it fares. */
export interface Probe {
  readonly name: string;
  /** Without it whole families of metrics are missing, and we are not ready. */
  readonly required: boolean;
  readonly attached: boolean;
  /** Why it is not attached. None: nobody asked for it. */
  readonly reason?: string;
  /** Since it was loaded, to the run; NaN for an iterator, which runs when we read it. */
  readonly runs: number;
  /** Estimated from one run in 64; NaN for an iterator, whose time is in the CPU time of this process. */
  readonly runSeconds: number;
}

export interface ProbesOptions {
  /** Empty: the one that was built with this code. */
  readonly objectPath: string;
  /** A power of two, at least a page; libbpf rounds up. */
  readonly ringBytes: number;
  /** Where workloads are looked for. Default v2. */
  readonly tree?: Pick<CgroupTree, 'controller' | 'prefix'> | undefined;
}

/** `enum tree_controller` in `bpf/tree.bpf.h`. */
const TREE_CONTROLLERS: Record<TreeController, number> = { pids: 1, memory: 2, cpu: 3 };

const REQUIRED: ReadonlySet<string> = new Set(['on_fork', 'on_exec', 'on_exit', 'on_reap', 'snapshot']);

/** Attached while they are asked for. */
const ON_DEMAND: ReadonlySet<string> = new Set([
  'on_io_start',
  'on_io_issue',
  'on_io_done',
  'on_io_complete',
  'on_io_merge',
]);

/** Blame of waits for a CPU, the one way or the other. */
const BY_SLICES = ['on_switch', 'on_migrate', 'waiting'];
const BY_WAKEUP = ['on_wakeup', 'on_wakeup_new', 'on_turn'];
const READY_MAX = 8_192;

/** Where the built object lies, seen from the bundle and from the sources. */
const OBJECT_PATHS = ['./culprit.bpf.o', '../../dist/culprit.bpf.o'];

/** The programs in the kernel. One that this kernel refuses is left out with its reason; the others run. */
export class Probes {
  readonly #object: BpfObject;
  readonly #reasons = new Map<string, string>();
  readonly #links = new Map<string, BpfLink>();
  readonly #unfit: ReadonlySet<string>;

  private constructor(object: BpfObject, refused: ReadonlyMap<string, KernelError>, unfit: ReadonlySet<string>) {
    this.#object = object;
    this.#unfit = unfit;
    for (const [program, error] of refused) this.#reasons.set(program, brief(error));
  }

  /** Loads; nothing runs yet. Throws one sentence when this host can't run probes at all. */
  static load({ objectPath, ringBytes, tree }: ProbesOptions): Probes {
    const path = objectPath === '' ? builtObject() : objectPath;
    const facts = readKernelFacts();
    const { object, refused } = loadWhatWorks(() => {
      const opened = BpfObject.open(path).configure({
        exit_tells_group_dead: facts.exitTellsGroupDead,
        page_bytes: pageSizeBytes(),
        loaded_ns: process.hrtime.bigint(),
        tree_controller: tree?.controller === undefined ? 0 : TREE_CONTROLLERS[tree.controller],
        tree_hierarchy: Number.parseInt(tree?.prefix ?? '0', 10),
      });

      opened.map('events').capacity = ringBytes;
      opened.map('cpus').capacity = possibleCpus();
      opened.map('pasts').capacity = possibleCpus();
      if (!facts.hasRunQueuePath) opened.map('ready').capacity = READY_MAX;
      for (const program of facts.unfit) opened.program(program).autoload = false;
      return opened;
    });

    insertOverflowEntry(object.map('cgroups'));
    return new Probes(object, refused, facts.unfit);
  }

  /** Each by itself: what fails is a reason, not an exception. */
  attach(): void {
    for (const { name } of this.#object.programs) if (!ON_DEMAND.has(name)) this.#attach(name);
  }

  /** Those that wait to be asked. Safe to call twice. */
  attachOnDemand(): void {
    for (const name of ON_DEMAND) if (!this.#links.has(name)) this.#attach(name);
  }

  /** Safe to call twice. */
  detachOnDemand(): void {
    for (const name of ON_DEMAND) {
      this.#links.get(name)?.close();
      this.#links.delete(name);
      // Why it could not be attached then; why it can't be loaded stays true.
      if (this.#object.program(name).loaded) this.#reasons.delete(name);
    }
  }

  map(name: string): BpfMap {
    return this.#object.map(name);
  }

  /** Of which the end was not seen. */
  missedReclaims(): number {
    return readU64(new DataView(this.#object.variable('reclaims_missed').read().buffer), 0);
  }

  get maps(): readonly BpfMap[] {
    return this.#object.maps;
  }

  link(program: string): BpfLink | undefined {
    return this.#links.get(program);
  }

  /** Who held the CPU is not seen but guessed: this kernel lacks what seeing it needs. */
  get infersWaits(): boolean {
    return this.#unfit.has('on_switch');
  }

  /** One for each program that this kernel could have: of two for the same hook, the one that fits. */
  list(costs: ReadonlyMap<string, ProbeCost> = new Map()): Probe[] {
    const programs = this.#object.programs.filter(({ name }) => !this.#unfit.has(name));

    return programs.map(({ name }) => this.#describe(name, costs.get(name)));
  }

  /** Detaches all. Safe to call twice. */
  close(): void {
    this.#links.clear();
    this.#object.close();
  }

  #attach(name: string): void {
    const program = this.#object.program(name);
    if (!program.loaded) return;
    try {
      this.#links.set(name, program.attach());
      this.#reasons.delete(name);
    } catch (error) {
      this.#reasons.set(name, reasonOf(error));
    }
  }

  #describe(name: string, cost: ProbeCost | undefined): Probe {
    const reason = this.#reasons.get(name);

    return {
      name,
      required: REQUIRED.has(name),
      attached: this.#links.has(name),
      ...(reason !== undefined && { reason }),
      runs: cost?.runs ?? Number.NaN,
      runSeconds: (cost?.runNs ?? Number.NaN) / 1e9,
    };
  }
}

interface KernelFacts {
  readonly exitTellsGroupDead: boolean;
  readonly hasRunQueuePath: boolean;
  readonly unfit: ReadonlySet<string>;
}

/** What differs between kernels and must be known before the verifier looks. Holds the kernel's types only meanwhile. */
function readKernelFacts(): KernelFacts {
  if (!hasKernelBtf())
    throw new Error('this kernel does not tell its types; it must be built with CONFIG_DEBUG_INFO_BTF=y');

  const btf = kernelBtf();
  // A task's way to its run queue; without CONFIG_FAIR_GROUP_SCHED it is not there.
  const hasRunQueuePath = layoutOf(btf, 'sched_entity').members.some(({ name }) => name === 'cfs_rq');
  return {
    hasRunQueuePath,
    exitTellsGroupDead: (tracepointArguments(btf, 'sched_process_exit') ?? 0) >= 2,
    unfit: new Set([
      markVictimGivesTask(btf) ? 'on_oom_pid' : 'on_oom_task',
      // Since 6.5, "block: introduce block_io_start/block_io_done tracepoints".
      ...(tracepointArguments(btf, 'block_io_start') === undefined ? ['on_io_start', 'on_io_done'] : ['on_io_issue']),
      ...(hasRunQueuePath ? BY_WAKEUP : BY_SLICES),
    ]),
  };
}

/** Since "mm: update mark_victim tracepoints fields" (6.9, and stable trees) the tracepoint gives the task, before only its pid. */
function markVictimGivesTask(btf: Btf): boolean {
  const prototype = btf.find('typedef', 'btf_trace_mark_victim');
  if (prototype === undefined) return true;

  const { partsAt } = btf.type(btf.type(prototype.sizeOrType).sizeOrType);
  // `struct btf_param { name, type }`; the first is the tracepoint's own.
  return btf.type(btf.types.getUint32(partsAt + 8 + 4, true)).kind === 'ptr';
}

/** In one line: of the verifier's log only the verdict, which stands before its statistics. */
function brief(error: KernelError): string {
  const verdict = error.log?.split('\n').findLast((line) => !line.startsWith('processed ') && line.trim() !== '');
  const [sentence = ''] = error.message.split('\n');

  return verdict === undefined ? sentence : `${sentence} ${verdict.trim()}`;
}

/** Cgroups that find the map full are counted here. */
function insertOverflowEntry(cgroups: BpfMap): void {
  cgroups.set(new Uint8Array(cgroups.keyBytes), new Uint8Array(cgroups.valueBytes));
}

function builtObject(): string {
  const paths = OBJECT_PATHS.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = paths.find((path) => existsSync(path));

  if (found === undefined)
    throw new Error(`there is no culprit.bpf.o (looked at ${paths.join(', ')}); run npm run build`);
  return found;
}
