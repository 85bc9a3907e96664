import type { ExitReason, Process, ProcessId, TaskState } from '../model/process.ts';

/** A process and its place among its siblings. Only the tree writes it. */
export class Node implements Process {
  readonly slot: number;
  pid = 0;
  startedNs = Number.NaN;
  parentPid = 0;
  parentStartedNs = Number.NaN;
  waiterPid = 0;
  waiterStartedNs = Number.NaN;
  comm = '';
  exe = '';
  uid = 0;
  cgroupId = 0;
  forks = 0;
  isKernelThread = false;
  state: TaskState = 'running';
  forkedAt = Number.NaN;
  execedAt = Number.NaN;
  exitedAt = Number.NaN;
  endedAt = Number.NaN;
  exitStatus = 0;
  exitReason: ExitReason | undefined = undefined;
  anonymousBytes = Number.NaN;
  fileBytes = Number.NaN;
  sharedBytes = Number.NaN;
  swapBytes = Number.NaN;
  rssPeakBytes = Number.NaN;
  fds = Number.NaN;
  fdLimit = Number.NaN;
  threads = Number.NaN;
  oomScoreAdj = Number.NaN;
  pidNamespace = 0;

  hasSizes = false;
  /** NaN when no sample told of it since it runs this program. */
  sampledAt = Number.NaN;
  /** The snapshot that told of it last. */
  epoch = 0;
  /** Index among the living. */
  position = -1;
  /** May have become another process since: compare the identity before use. */
  parent: Node | undefined = undefined;
  /** Whether `parent` lists it as a child. */
  isLinked = false;
  firstChild: Node | undefined = undefined;
  nextSibling: Node | undefined = undefined;
  previousSibling: Node | undefined = undefined;
  /** Of the index of pids. */
  nextInBucket: Node | undefined = undefined;

  constructor(slot: number) {
    this.slot = slot;
  }

  is(pid: number, startedNs: number): boolean {
    return this.pid === pid && this.startedNs === startedNs;
  }

  /** Becomes a process of which only the identity is known. */
  begin(id: ProcessId): void {
    this.pid = id.pid;
    this.startedNs = id.startedNs;
    this.parentPid = 0;
    this.parentStartedNs = Number.NaN;
    this.waiterPid = 0;
    this.waiterStartedNs = Number.NaN;
    this.comm = '';
    this.exe = '';
    this.uid = 0;
    this.cgroupId = 0;
    this.forks = 0;
    this.isKernelThread = false;
    this.state = 'running';
    this.forkedAt = Number.NaN;
    this.execedAt = Number.NaN;
    this.exitedAt = Number.NaN;
    this.endedAt = Number.NaN;
    this.exitStatus = 0;
    this.exitReason = undefined;
    this.forgetSizes();
    this.pidNamespace = 0;
  }

  /** Its memory is another program's now. Most processes end before anyone measured them. */
  forgetSizes(): void {
    this.sampledAt = Number.NaN;
    if (!this.hasSizes) return;
    this.hasSizes = false;
    this.anonymousBytes = Number.NaN;
    this.fileBytes = Number.NaN;
    this.sharedBytes = Number.NaN;
    this.swapBytes = Number.NaN;
    this.rssPeakBytes = Number.NaN;
    this.fds = Number.NaN;
    this.fdLimit = Number.NaN;
    this.threads = Number.NaN;
    this.oomScoreAdj = Number.NaN;
  }
}
