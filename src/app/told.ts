import type { Engine } from '../core/engine/engine.ts';
import type { Event } from '../core/model/event.ts';
import type { Process } from '../core/model/process.ts';
import type { StreamKind } from '../core/model/stream.ts';
import type { Instant } from '../core/model/units.ts';

/** An event as the stream tells it. */
export interface Told {
  readonly kind: StreamKind;
  readonly workload: string;
  readonly victim?: string | undefined;
  readonly data: object;
}

type OfKind<Kind> = Extract<Event, { readonly kind: Kind }>;

const NS_PER_SECOND = 1e9;

/**
 * What the stream tells of an event that the engine has taken; undefined for the kinds that it does not tell.
 *
 * Without argv: there may be secrets in it.
 */
export function told(event: Event, engine: Engine, wallOffsetMs: number): Told | undefined {
  switch (event.kind) {
    case 'fork':
      return toldOf(event, engine, wallOffsetMs, forkOf(event, engine));
    case 'exec':
      return toldOf(event, engine, wallOffsetMs, {});
    case 'exit':
      return toldOf(event, engine, wallOffsetMs, exitOf(event));
    case 'long-wait':
      return toldOf(event, engine, wallOffsetMs, waitOf(event, engine));
    case 'storm':
      return toldOf(event, engine, wallOffsetMs, {
        scope: event.scope,
        forks: event.forks,
        seconds: event.windowNs / NS_PER_SECOND,
      });
    case 'oom':
      return toldOf(event, engine, wallOffsetMs, {
        anonymousBytes: event.anonymousBytes,
        totalVmBytes: event.totalVmBytes,
        oomScoreAdj: event.oomScoreAdj,
      });
    default:
      return undefined;
  }
}

/** Whatever its kind, it says who, where and when. */
function toldOf(event: OfKind<StreamKind>, engine: Engine, wallOffsetMs: number, more: object): Told {
  const { kind, at, pid, startedNs } = event;
  const process = engine.tree.find(event);
  const workload = workloadOf(event, process, engine);
  const { comm = '', exe = '' } = process ?? ('comm' in event ? { comm: event.comm } : {});
  const group = process === undefined ? undefined : engine.accounts.groupOf(process);

  return {
    kind,
    workload,
    data: { kind, time: timeOf(at, wallOffsetMs), workload, group, pid, startedNs, comm, exe, ...more },
  };
}

function workloadOf({ cgroupId, at }: OfKind<StreamKind>, process: Process | undefined, { accounts }: Engine): string {
  const known = process === undefined ? undefined : accounts.workloadOf(process);
  return (known ?? accounts.workloadOfCgroup(cgroupId, at)).name;
}

function timeOf(at: Instant, wallOffsetMs: number): string {
  return new Date(at + wallOffsetMs).toISOString();
}

function forkOf({ parentPid, parentStartedNs }: OfKind<'fork'>, { tree }: Engine): object {
  const parent = tree.find({ pid: parentPid, startedNs: parentStartedNs });
  return { parentPid, parentStartedNs, parentComm: parent?.comm ?? '' };
}

function exitOf({ reason, status, lifetimeNs, rssPeakBytes, used }: OfKind<'exit'>): object {
  return {
    reason,
    exitCode: status >> 8,
    signal: status & 0x7f,
    lifetimeSeconds: lifetimeNs / NS_PER_SECOND,
    cpuSeconds: used.runtimeNs / NS_PER_SECOND,
    rssPeakBytes,
  };
}

function waitOf(event: OfKind<'long-wait'>, { waits }: Engine): object {
  const { tid, cpu, seconds, parts, remainder } = waits.describe(event);
  return { tid, cpu, seconds, behind: parts, remainder };
}
