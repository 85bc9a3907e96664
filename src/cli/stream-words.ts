import type { IncidentChange } from '../core/model/incident.ts';
import type { StreamKind } from '../core/model/stream.ts';
import { duration } from './blame-words.ts';
import { preciseClockOf } from './clock.ts';
import type { IncidentTold } from './incident-answer.ts';
import { emphasize, shortId } from './incident-cells.ts';
import { sentenceOf } from './incident-text.ts';
import { type painter, printable } from './paint.ts';

/** What we read of what `GET /stream` sends. */
export interface StreamEvent {
  readonly kind: StreamKind | 'lost';
  readonly time?: string;
  readonly workload?: string;
  readonly pid?: number;
  readonly comm?: string;
  readonly exe?: string;
  readonly parentPid?: number;
  readonly parentComm?: string;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly lifetimeSeconds?: number;
  readonly cpuSeconds?: number;
  readonly seconds?: number;
  readonly forks?: number;
  readonly scope?: string;
  readonly behind?: readonly { readonly offender: string; readonly pid: number; readonly name: string }[];
  readonly events?: number | null;
  readonly anonymousBytes?: number;
  readonly change?: IncidentChange['kind'];
  readonly incident?: IncidentTold;
}

const KIND_WIDTH = 9;
const WORKLOAD_WIDTH = 24;
const MEBIBYTE = 1 << 20;

/** One line for a person: when, what, where, who. */
export function streamLine(event: StreamEvent, paint: ReturnType<typeof painter>): string {
  const { kind, time, workload = '' } = event;
  if (kind === 'lost') return `! ${lossOf(event)}`;
  const clock = time === undefined ? '' : preciseClockOf(new Date(time));
  const line = `${clock}  ${kind.padEnd(KIND_WIDTH)}  ${printable(workload).padEnd(WORKLOAD_WIDTH)}  ${sentence(event)}`;
  return event.incident === undefined ? line : emphasize(line, event.incident, paint);
}

function sentence(event: StreamEvent): string {
  const { kind, comm, exe, parentPid, parentComm, forks, seconds, scope, behind, anonymousBytes } = event;
  const who = named(comm, event.pid);

  switch (kind) {
    case 'fork':
      return `${who} from ${named(parentComm, parentPid)}`;
    case 'exec':
      return `${who} runs ${printable(exe ?? '')}`;
    case 'exit':
      return `${who} ${endOf(event)}`;
    case 'long-wait':
      return `${who} waited ${duration(seconds ?? 0)} for a CPU${behindOf(behind)}`;
    case 'storm':
      return `${scope === 'cgroup' ? 'all of it' : who} forked ${forks} times in ${duration(seconds ?? 0)}`;
    case 'incident':
      return event.incident === undefined ? '' : `${event.change} ${newsOf(event.incident)}`;
    case 'oom':
      return `${who} was killed for want of memory, with ${Math.round((anonymousBytes ?? 0) / MEBIBYTE)} MiB of its own`;
    default:
      return who;
  }
}

/** The workload stands before it. */
function newsOf(incident: IncidentTold): string {
  return `${incident.severity} ${printable(incident.detector)} ${shortId(incident.id)}: ${sentenceOf(incident)}`;
}

function endOf({ reason, exitCode, signal, lifetimeSeconds, cpuSeconds }: StreamEvent): string {
  const ends: Readonly<Record<string, string>> = {
    ok: 'ended',
    error: `failed with ${exitCode}`,
    signal: `was ended by signal ${signal}`,
    oom: 'was ended for want of memory',
  };
  return `${ends[reason ?? ''] ?? 'ended'} after ${duration(lifetimeSeconds ?? 0)}, ${duration(cpuSeconds ?? 0)} of CPU`;
}

function behindOf(behind: StreamEvent['behind']): string {
  const [first] = behind ?? [];
  if (first === undefined || first.offender === '') return '';
  return ` behind ${printable(first.offender)}${first.pid === 0 ? '' : ` (${named(first.name, first.pid)})`}`;
}

function lossOf({ reason, events }: StreamEvent): string {
  const many = events === null || events === undefined ? 'Events' : `${events} events of all kinds`;
  if (reason === 'slow') return `${many} are missing here: they came faster than they were read.`;
  if (reason === 'expired') return `${many} are missing here: they are not kept any more.`;
  return 'Events may be missing here: the exporter was started anew.';
}

function named(comm: string | undefined, pid: number | undefined): string {
  const name = printable(comm ?? '');
  return name === '' ? `pid ${pid}` : `${name}[${pid}]`;
}
