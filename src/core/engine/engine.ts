import { Accounts } from '../account/accounts.ts';
import type { AccountOptions } from '../account/books.ts';
import { Matrix, type MatrixOptions } from '../blame/matrix.ts';
import { Reclaim } from '../blame/reclaim.ts';
import type { Event, EventKind, ForkEvent, ProcessSampleEvent, ReapEvent, ThreadSampleEvent } from '../model/event.ts';
import type { Process } from '../model/process.ts';
import { Tree, type TreeOptions } from '../tree/tree.ts';

export interface EngineOptions
  extends AccountOptions,
    Pick<TreeOptions, 'processesMax' | 'endedMax' | 'endedAgeMsMax'>,
    Pick<MatrixOptions, 'pairsMax'> {}

export interface EngineStats {
  readonly events: Readonly<Record<EventKind, number>>;
  readonly processes: number;
  /** Times that an event told of a process that there was no room for. */
  readonly processesRefused: number;
  /** Processes that were gone although no exit told so. */
  readonly processesEndedUnseen: number;
  readonly overflow: ReturnType<Accounts['overflow']> & { readonly blame: number };
}

const NO_ARGV = new Uint8Array(0);

/** One door: everything that the core knows came through `observe`. It keeps no event. */
export interface Engine {
  readonly tree: Tree;
  readonly accounts: Accounts;
  readonly blame: Matrix;
  observe(event: Event): void;
  stats(): EngineStats;
}

export function createEngine(options: EngineOptions): Engine {
  const accounts = new Accounts(options);
  const tree: Tree = new Tree({
    ...options,
    // Who waited matters only where no exit is told.
    onEnd: (process) => accounts.end(process, options.senses.lifecycle ? undefined : waiterOf(process)),
    onForget: (process) => accounts.forget(process),
  });
  const blame = new Matrix({ ...options, workloadOf: (id, at) => accounts.workloadOfCgroup(id, at) });
  const reclaim = new Reclaim((event) => blame.observe(event));
  const events = noEvents();
  const argv = new LateArgv(tree);

  function waiterOf({ waiterPid, waiterStartedNs }: Process): Process | undefined {
    return tree.find({ pid: waiterPid, startedNs: waiterStartedNs });
  }

  function parentOf({ parentPid, parentStartedNs }: ForkEvent): Process | undefined {
    return tree.find({ pid: parentPid, startedNs: parentStartedNs });
  }

  function reap(event: ReapEvent): void {
    const process = tree.find(event);
    accounts.reap(event, process);
    if (process !== undefined) tree.end(process, event.at);
  }

  function sample(event: ProcessSampleEvent): void {
    reclaim.sample(event);
    const process = tree.sample(event);
    if (process === undefined) return;
    argv.of = process;
    accounts.sample(event, process, tree.parent(process), argv);
  }

  function sampleThread(event: ThreadSampleEvent): void {
    const process = tree.find(event);
    if (process !== undefined) accounts.sampleThread(event, process);
  }

  function endSnapshot(at: number): void {
    tree.endSnapshot(at);
    accounts.endSnapshot(tree.live, at);
    reclaim.endSnapshot(at);
  }

  function observe(event: Event): void {
    switch (event.kind) {
      case 'fork': {
        events.fork++;
        const process = tree.fork(event);
        accounts.fork(event, process, process === undefined ? parentOf(event) : tree.parent(process));
        return;
      }
      case 'exec': {
        events.exec++;
        const process = tree.exec(event);
        accounts.exec(event, process, process === undefined ? undefined : tree.parent(process));
        return;
      }
      case 'exit':
        events.exit++;
        accounts.exit(event, tree.exit(event));
        return;
      case 'reap':
        events.reap++;
        reap(event);
        return;
      case 'process-sample':
        events['process-sample']++;
        sample(event);
        return;
      case 'thread-sample':
        events['thread-sample']++;
        sampleThread(event);
        return;
      case 'snapshot-begin':
        events['snapshot-begin']++;
        tree.beginSnapshot();
        accounts.beginSnapshot();
        return;
      case 'snapshot-end':
        events['snapshot-end']++;
        endSnapshot(event.at);
        return;
      case 'cgroup-counts':
        events['cgroup-counts']++;
        accounts.counts(event);
        return;
      case 'cgroup-made':
        events['cgroup-made']++;
        accounts.makeCgroup(event);
        return;
      case 'cgroup-removed':
        events['cgroup-removed']++;
        accounts.removeCgroup(event);
        return;
      case 'cgroup-entered':
        events['cgroup-entered']++;
        accounts.enter(event, tree.enter(event));
        return;
      case 'pressure':
        events.pressure++;
        accounts.pressure(event);
        return;
      case 'cgroup-limits':
        events['cgroup-limits']++;
        accounts.limits(event);
        return;
      case 'host':
        events.host++;
        accounts.hostTotals(event);
        return;
      case 'tick':
        events.tick++;
        accounts.sweep(event.at);
        blame.sweep(event.at);
        return;
      case 'stall':
        events.stall++;
        reclaim.observe(event);
        return;
      case 'switches':
        events.switches++;
        blame.observeSwitches(event);
        return;
      // Counted by the kernel, so nothing to sum; detectors will want them.
      case 'storm':
        events.storm++;
        return;
      case 'oom':
        events.oom++;
        return;
      default:
        event satisfies never;
    }
  }

  function stats(): EngineStats {
    return {
      events,
      processes: tree.size,
      processesRefused: tree.refused,
      processesEndedUnseen: tree.endedUnseen,
      overflow: { ...accounts.overflow(), blame: blame.folded },
    };
  }

  return { tree, accounts, blame, observe, stats };
}

/** The argv of a process, for whoever asks. */
class LateArgv {
  of: Process | undefined;
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  get argv(): Uint8Array {
    return this.of === undefined ? NO_ARGV : this.#tree.argv(this.of);
  }
}

function noEvents(): Record<EventKind, number> {
  return {
    fork: 0,
    exec: 0,
    exit: 0,
    reap: 0,
    storm: 0,
    oom: 0,
    'cgroup-made': 0,
    'cgroup-removed': 0,
    'cgroup-entered': 0,
    'snapshot-begin': 0,
    'process-sample': 0,
    'thread-sample': 0,
    'snapshot-end': 0,
    'cgroup-counts': 0,
    pressure: 0,
    'cgroup-limits': 0,
    host: 0,
    stall: 0,
    switches: 0,
    tick: 0,
  };
}
