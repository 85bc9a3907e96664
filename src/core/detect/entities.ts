import type { Entity, Fact } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';

/** Below this share of its threshold a finding is over; what is between is told, but begins nothing. */
export const CLEAR_RATIO = 0.7;

export function ofProcess(process: Process): Entity {
  const { pid, startedNs } = process;
  return { kind: 'process', key: `${pid}@${startedNs}`, name: `${nameOf(process)} (pid ${pid})` };
}

export function ofWorkload({ name }: Workload): Entity {
  return { kind: 'workload', key: name, name };
}

/** Who does it to whom. */
export function ofPair(offender: string, victim: string): Entity {
  return { kind: 'pair', key: `${offender}\n${victim}`, name: `${offender} → ${victim}` };
}

export const OF_HOST: Entity = { kind: 'host', key: 'host', name: 'host' };

export function nameOf({ comm, exe }: Process): string {
  return exe || comm || 'a process';
}

/** A number and where it is from, over the time until now. */
export function fact(what: string, value: number, unit: string, source: string, now: Instant, windowMs = 0): Fact {
  return { what, value, unit, source, from: now - windowMs, to: now };
}
