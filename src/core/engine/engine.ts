import { Accounts } from '../account/accounts.ts';
import type { AccountOptions } from '../account/books.ts';
import { CpuUse } from '../blame/cpu-use.ts';
import { Matrix, type MatrixOptions } from '../blame/matrix.ts';
import { Reclaim } from '../blame/reclaim.ts';
import type { Waits } from '../blame/waits.ts';
import type { Ledger } from '../incident/ledger.ts';
import type {
  Event,
  EventKind,
  ForkEvent,
  IdleSampleEvent,
  ProcessSampleEvent,
  ReapEvent,
  ThreadSampleEvent,
} from '../model/event.ts';
import type { Process } from '../model/process.ts';
import type { TreeOptions } from '../tree/options.ts';
import { Tree } from '../tree/tree.ts';
import { createDetection, type DetectionOptions } from './detection.ts';
import { LateArgv } from './late-argv.ts';
import { noEvents } from './no-events.ts';
import { waitsOf } from './waits-of.ts';

export interface EngineOptions
  extends AccountOptions,
    Pick<TreeOptions, 'processesMax' | 'endedMax' | 'endedAgeMsMax'>,
    Pick<MatrixOptions, 'pairsMax'> {
  readonly detection?: DetectionOptions;
}

export interface EngineStats {
  readonly events: Readonly<Record<EventKind, number>>;
  readonly processes: number;
  /** Times that an event told of a process that there was no room for. */
  readonly processesRefused: number;
  /** Processes that were gone although no exit told so. */
  readonly processesEndedUnseen: number;
  readonly overflow: ReturnType<Accounts['overflow']> &
    Readonly<Record<'blame' | 'waits' | 'detectors' | 'incidents', number>>;
}

/** One door: everything that the core knows came through `observe`. It keeps no event. */
export interface Engine {
  readonly tree: Tree;
  readonly accounts: Accounts;
  readonly blame: Matrix;
  readonly cpuUse: CpuUse;
  readonly waits: Waits;
  readonly ledger: Ledger;
  observe(event: Event): void;
  stats(): EngineStats;
}

export function createEngine(options: EngineOptions): Engine {
  const accounts = new Accounts(options);
  const tree: Tree = new Tree({
    ...options,
    // Who waited matters only where no exit is told.
    onEnd: (process) => {
      accounts.end(process, options.senses.lifecycle ? undefined : waiterOf(process));
      desk.end(process);
    },
    onForget: (process) => accounts.forget(process),
  });
  const blame = new Matrix({
    ...options,
    workloadOf: (id, at) => accounts.workloadOfCgroup(id, at),
    processOf: (pid) => tree.latest(pid),
  });
  const cpuUse = new CpuUse();
  const waits = waitsOf(tree, accounts);
  const { desk, ledger, unwatched } = createDetection({ tree, accounts, blame, cpuUse }, options.detection);
  const reclaim = new Reclaim((event) => blame.observe(event));
  const events = noEvents();
  const argv = new LateArgv(tree);

  const waiterOf = ({ waiterPid: pid, waiterStartedNs: startedNs }: Process) => tree.find({ pid, startedNs });

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

  function sampleIdle(event: IdleSampleEvent): void {
    const process = tree.idle(event);
    if (process === undefined) return;
    argv.of = process;
    accounts.sampleIdle(event, process, tree.parent(process), argv);
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

  function tick(at: number): void {
    accounts.takeCpu(({ name }, ns) => cpuUse.add(at, name, ns));
    accounts.sweep(at);
    blame.sweep(at);
    cpuUse.sweep(at);
    waits.sweep(at);
    accounts.showLongestWaits(waits.longest(at), at);
  }

  function learn(event: Event): void {
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
      case 'idle-sample':
        events['idle-sample']++;
        sampleIdle(event);
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
        tick(event.at);
        return;
      case 'stall':
        events.stall++;
        reclaim.observe(event);
        return;
      case 'switches':
        events.switches++;
        blame.observeSwitches(event);
        return;
      case 'long-wait':
        events['long-wait']++;
        waits.observe(event);
        return;
      case 'waiting':
        events.waiting++;
        waits.observeOpen(event);
        return;
      case 'waiting-end':
        events['waiting-end']++;
        waits.endLook();
        accounts.showLongestWaits(waits.longest(event.at), event.at);
        return;
      // Nothing to sum: detectors listen for them.
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

  function observe(event: Event): void {
    learn(event);
    desk.observe(event);
  }

  function stats(): EngineStats {
    return {
      events,
      processes: tree.size,
      processesRefused: tree.refused,
      processesEndedUnseen: tree.endedUnseen,
      overflow: { ...accounts.overflow(), blame: blame.folded, waits: waits.forgotten, ...unwatched() },
    };
  }

  return { tree, accounts, blame, cpuUse, waits, ledger, observe, stats };
}
