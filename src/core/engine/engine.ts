import { Accounts } from '../account/accounts.ts';
import type { AccountOptions } from '../account/books.ts';
import { Recently } from '../account/recently.ts';
import { CpuUse } from '../blame/cpu-use.ts';
import { Matrix, type MatrixOptions } from '../blame/matrix.ts';
import { Reclaim } from '../blame/reclaim.ts';
import type { Waits } from '../blame/waits.ts';
import type { Ledger } from '../incident/ledger.ts';
import type { Event, EventKind } from '../model/event.ts';
import type { Process } from '../model/process.ts';
import type { TreeOptions } from '../tree/options.ts';
import { Tree } from '../tree/tree.ts';
import { createDetection, type DetectionOptions, type DetectionSettings } from './detection.ts';
import { Learner } from './learn/learner.ts';
import { lives } from './learn/lives.ts';
import { places } from './learn/places.ts';
import { snapshots } from './learn/snapshots.ts';
import { waiting } from './learn/waiting.ts';
import { renameAll } from './rename-all.ts';
import { waitsOf } from './waits-of.ts';

export interface EngineOptions
  extends Omit<AccountOptions, 'onRename'>,
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
  readonly recently: Recently;
  readonly waits: Waits;
  readonly ledger: Ledger;
  observe(event: Event): void;
  changeDetection(to: DetectionSettings): void;
  stats(): EngineStats;
}

export function createEngine(options: EngineOptions): Engine {
  const accounts = new Accounts({
    ...options,
    onRename: (...names) => renameAll([blame, cpuUse, desk, ledger], names),
  });
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
  const recently = new Recently(accounts);
  const waits = waitsOf(tree, accounts);
  const { desk, ledger, change, unwatched } = createDetection({ tree, accounts, blame, cpuUse }, options.detection);
  const reclaim = new Reclaim((event) => blame.observe(event));

  const waiterOf = ({ waiterPid: pid, waiterStartedNs: startedNs }: Process) => tree.find({ pid, startedNs });

  const learner = new Learner({
    ...lives(tree, accounts),
    ...snapshots(tree, accounts, reclaim),
    ...places(accounts),
    ...waiting({ accounts, blame, reclaim, waits }),

    tick({ at }) {
      accounts.takeCpu(({ name }, ns) => cpuUse.add(at, name, ns));
      accounts.sweep(at);
      recently.observe(at);
      blame.sweep(at);
      cpuUse.sweep(at);
      waits.sweep(at);
      accounts.showLongestWaits(waits.longest(at), at);
    },

    // Nothing to sum: detectors listen for them.
    storm() {},
    oom() {},
    blocked() {},
  });

  function observe(event: Event): void {
    learner.learn(event);
    desk.observe(event);
  }

  function stats(): EngineStats {
    return {
      events: learner.events,
      processes: tree.size,
      processesRefused: tree.refused,
      processesEndedUnseen: tree.endedUnseen,
      overflow: { ...accounts.overflow(), blame: blame.folded, waits: waits.forgotten, ...unwatched() },
    };
  }

  return { tree, accounts, blame, cpuUse, recently, waits, ledger, observe, changeDetection: change, stats };
}
