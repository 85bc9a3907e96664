import type { Cast } from './actor.ts';
import { type Division, REST } from './division.ts';
import type { LastSlice } from './last-slice.ts';
import type { TruthKind } from './scenario.ts';

/**
 * How a victim's wait truly divides, by what the kernel counted; undefined where that does not tell.
 *
 * A task that always wants the one CPU there is waits behind another exactly while that other runs. The rest of what the
 * scheduler says it waited belongs to whoever else was on the machine.
 */
export function truthOf(kind: TruthKind, victim: Cast, cast: readonly Cast[]): Division | undefined {
  const division = new Map<string, number>();
  if (kind === 'none') return undefined;
  if (kind === 'quota') division.set('throttle', victim.throttledSeconds);
  else {
    const tasks = tasksOf(victim);
    for (const other of cast) {
      if (other === victim || cpuOf(other) !== cpuOf(victim)) continue;
      for (const { path, usedSeconds } of other.places)
        division.set(path, (division.get(path) ?? 0) + tasks * usedSeconds);
    }
    if (tasks > 1) division.set('self', (tasks - 1) * usedSeconds(victim));
  }
  const known = [...division.values()].reduce((sum, seconds) => sum + seconds, 0);
  return division.set(REST, Math.max(0, victim.runDelaySeconds - known));
}

/** The formula that needs no probe: everybody who ran is to blame, in proportion. The rest is given to it for nothing. */
export function cpuShareDivision(victim: Cast, cast: readonly Cast[], rest: number): Division {
  const division = new Map<string, number>();
  for (const other of cast) {
    if (other === victim) continue;
    for (const { path, usedSeconds } of other.places) division.set(path, (division.get(path) ?? 0) + usedSeconds);
  }
  const whole = [...division.values()].reduce((sum, seconds) => sum + seconds, 0);
  return division.set(REST, rest < 1 ? (whole * rest) / (1 - rest) : 1);
}

export function lastSliceDivision(lastSlice: LastSlice, victim: Cast, cast: readonly Cast[]): Division {
  const names = new Map(cast.flatMap(({ places }) => places.map(({ id, path }) => [id, path] as const)));
  for (const { id } of victim.places) names.set(id, 'self');
  const division = new Map<string, number>();
  for (const { id } of victim.places) {
    for (const [offender, seconds] of lastSlice.secondsOf(id)) {
      const name = names.get(offender) ?? REST;
      division.set(name, (division.get(name) ?? 0) + seconds);
    }
  }
  return division;
}

export function usedSeconds({ places }: Cast): number {
  return places.reduce((sum, place) => sum + place.usedSeconds, 0);
}

function cpuOf({ role: { cpu = 1 } }: Cast) {
  return cpu;
}

/** At most so many of it wait at a time. */
export function tasksOf({ role: { load } }: Cast): number {
  const threads = Number(/threads=(\d+)/.exec(load)?.[1] ?? 1);
  if (load.startsWith('forks')) return threads + 1;
  return load.startsWith('pipe') ? 2 : threads;
}
