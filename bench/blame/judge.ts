import type { Sample } from '../../test/support/samples.ts';
import type { Cast } from './actor.ts';
import { type Division, REST, total } from './division.ts';
import type { LastSlice } from './last-slice.ts';
import { stallRows, stallSeconds } from './matrix.ts';
import type { Played } from './play.ts';
import type { Victim } from './scenario.ts';
import { type Score, SPEAKS_SECONDS, scoreOf } from './score.ts';
import { cpuShareDivision, lastSliceDivision, tasksOf, truthOf, usedSeconds } from './truth.ts';

/** NaN where there is nothing to hold it against. */
export interface Verdict {
  readonly scenario: string;
  readonly victim: string;
  readonly runDelaySeconds: number;
  /** Σ blame / run delay − 1. */
  readonly conservation: number;
  /** Nobody saw who it was. */
  readonly unobserved: number;
  /** It began before what is remembered. */
  readonly truncated: number;
  readonly ours: Score;
  readonly lastSlice: Score;
  readonly cpuShare: Score;
  /** Seconds of blame for roles that never held what it waited for. */
  readonly innocentSeconds: number;
  /** The most that a role is blamed for, of the most that it can have done. */
  readonly bound: number;
  /** Throttle named with its quota / the kernel's clock of that quota − 1. */
  readonly throttle: number;
  /** PSI of the same, of run delay. */
  readonly pressure: number;
  /** The offender's share, less the part of the wait that goes when the offender does. */
  readonly counterfactual: number;
  readonly detectionMs: number;
}

/** `alone`: the same without one offender. */
export function judge(
  played: Played,
  page: readonly Sample[],
  lastSlice: LastSlice,
  alone: Played | undefined,
): Verdict[] {
  return played.scenario.victims.map((victim, index) => {
    const { cast, detectionMs } = played;
    const who = castOf(cast, victim.role);
    const paths = new Set(who.places.map(({ path }) => path));
    const rows = [...paths].flatMap((path) => stallRows(page, { victim: path, resource: 'cpu' }));
    const speaks = who.runDelaySeconds >= SPEAKS_SECONDS;

    return {
      scenario: played.scenario.name,
      victim: victim.role,
      runDelaySeconds: who.runDelaySeconds,
      conservation: speaks ? sumOf(rows) / who.runDelaySeconds - 1 : Number.NaN,
      unobserved: speaks ? stallSeconds(rows, { cause: 'unobserved' }) / sumOf(rows) : Number.NaN,
      truncated: speaks ? stallSeconds(rows, { cause: 'truncated' }) / sumOf(rows) : Number.NaN,
      ...scores(victim, who, cast, divisionOf(rows), lastSlice),
      innocentSeconds: (victim.innocent ?? []).reduce((sum, role) => sum + blamedOn(rows, castOf(cast, role)), 0),
      bound: Math.max(...cast.filter((one) => one !== who).map((one) => boundOf(one, who, rows)), 0),
      throttle: victim.truth === 'quota' ? throttledOf(rows, who) / who.throttledSeconds - 1 : Number.NaN,
      pressure: speaks ? who.pressureSeconds / who.runDelaySeconds : Number.NaN,
      counterfactual: index === 0 ? counterfactualOf(rows, who, played, alone) : Number.NaN,
      detectionMs: index === 0 && speaks ? detectionMs : Number.NaN,
    };
  });
}

function scores(victim: Victim, who: Cast, cast: readonly Cast[], said: Division, lastSlice: LastSlice) {
  const truth = truthOf(victim.truth, who, cast);
  const score = (division: Division) => scoreOf(division, truth, victim, cast);
  const restShare = truth === undefined ? 0 : truth.get(REST)! / total(truth);

  return {
    ours: score(said),
    lastSlice: score(lastSliceDivision(lastSlice, who, cast)),
    cpuShare: score(cpuShareDivision(who, cast, restShare)),
  };
}

/** The matrix says self where the offender's workload is the victim's. */
function divisionOf(rows: readonly Sample[]): Division {
  const division = new Map<string, number>();
  for (const { labels, value } of rows) {
    const name = (labels.cause === 'neighbour' ? labels.offender : labels.cause) ?? '';
    division.set(name, (division.get(name) ?? 0) + value);
  }
  return division;
}

function counterfactualOf(
  rows: readonly Sample[],
  who: Cast,
  { scenario, cast, forMs }: Played,
  alone?: Played,
): number {
  if (alone === undefined) return Number.NaN;
  const left = castOf(alone.cast, who.role.name).runDelaySeconds * (forMs / alone.forMs);
  const blamed = blamedOn(rows, castOf(cast, scenario.without!));
  return (blamed - (who.runDelaySeconds - left)) / who.runDelaySeconds;
}

function boundOf(offender: Cast, victim: Cast, rows: readonly Sample[]): number {
  const most = tasksOf(victim) * usedSeconds(offender);
  return most < SPEAKS_SECONDS ? 0 : blamedOn(rows, offender) / most;
}

function blamedOn(rows: readonly Sample[], { places }: Cast): number {
  const isBy = (offender: string | undefined) => places.some(({ path }) => path === offender);
  return sumOf(rows.filter(({ labels }) => labels.cause === 'neighbour' && isBy(labels.offender)));
}

function throttledOf(rows: readonly Sample[], { parentPath, places }: Cast): number {
  const quota = parentPath ?? places[0]!.path;
  return sumOf(rows.filter(({ labels }) => labels.cause === 'throttle' && labels.offender === quota));
}

function castOf(cast: readonly Cast[], role: string): Cast {
  return cast.find((one) => one.role.name === role)!;
}

function sumOf(rows: readonly Sample[]): number {
  return rows.reduce((sum, { value }) => sum + value, 0);
}
