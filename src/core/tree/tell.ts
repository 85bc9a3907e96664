import type { ExecEvent, ExitEvent, ForkEvent, ProcessSampleEvent } from '../model/event.ts';
import type { Node } from './node.ts';

/** What each event tells of a process. */

/** `parent` is given when no exec of the child is known: it begins as a copy. */
export function forked(node: Node, event: ForkEvent, parent: Node | undefined): void {
  node.parentPid = event.parentPid;
  node.parentStartedNs = event.parentStartedNs;
  node.forkedAt = event.at;
  if (node.comm === '') {
    node.comm = event.comm;
    node.uid = event.uid;
    node.cgroupId = event.cgroupId;
    node.waiterPid = event.parentPid;
    node.waiterStartedNs = event.parentStartedNs;
  }
  if (parent !== undefined && node.exe === '') node.exe = parent.exe;
}

export function execed(node: Node, event: ExecEvent): void {
  node.exe = event.exe;
  node.execedAt = event.at;
  // A snapshot met the program before the ring told of it.
  if (node.sampledAt > event.at) return;

  node.comm = event.comm;
  node.uid = event.uid;
  node.cgroupId = event.cgroupId;
  node.forgetSizes();
}

export function exited(node: Node, event: ExitEvent): void {
  node.comm = event.comm;
  node.cgroupId = event.cgroupId;
  node.exitedAt = event.at;
  node.exitStatus = event.status;
  node.exitReason = event.reason;
  node.hasSizes = true;
  node.rssPeakBytes = event.rssPeakBytes;
  node.state = 'zombie';
}

export function sampled(node: Node, event: ProcessSampleEvent): void {
  if (node.parentPid === 0) {
    node.parentPid = event.parentPid;
    node.parentStartedNs = event.parentStartedNs;
  }
  node.waiterPid = event.parentPid;
  node.waiterStartedNs = event.parentStartedNs;
  node.comm = event.comm;
  if (event.exe !== '') node.exe = event.exe;
  node.uid = event.uid;
  node.cgroupId = event.cgroupId;
  node.isKernelThread = event.isKernelThread;
  node.state = event.state;
  node.sampledAt = event.at;
  node.hasSizes = true;
  node.anonymousBytes = event.anonymousBytes;
  node.fileBytes = event.fileBytes;
  node.sharedBytes = event.sharedBytes;
  node.swapBytes = event.swapBytes;
  node.rssPeakBytes = event.rssPeakBytes;
  node.fds = event.fds;
  node.fdLimit = event.fdLimit;
  node.threads = event.threads;
  node.oomScoreAdj = event.oomScoreAdj;
  node.pidNamespace = event.pidNamespace;
}
