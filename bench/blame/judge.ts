import type { Sample } from '../../test/support/samples.ts';
import { type Division, mostOf, only, REST, topOf, total, totalVariation } from './division.ts';
import type { LastSlice } from './last-slice.ts';
import { stallRows, stallSeconds } from './matrix.ts';
import type { Cast, Played } from './play.ts';
import type { Victim } from './scenario.ts';
import { cpuShareDivision, lastSliceDivision, tasksOf, truthOf, usedSeconds } from './truth.ts';

/** Below it a wait is too short for its shares to mean anything. */
const SPEAKS_SECONDS = 0.05;
/** What an operator would be told of. */
const TOLD_SECONDS = 0.1;
const TOLD_SHARE = 0.2;
/** Of the truth: below it nobody should be told of. */
const INNOCENT_SHARE = 0.02;

/** A way to blame, against the truth. NaN and undefined where there is no truth. */
export interface Score {
  readonly variation: number;
  /** Whether the one to name first was. */
  readonly isTopRight: boolean | undefined;
  readonly falselyAccused: readonly string[];
}

export interface Verdict {
  readonly scenario: string;
  readonly victim: string;
  readonly runDelaySeconds: number;
  /** |Σ blame − run delay| / run delay. */
  readonly conservation: number;
  readonly unseen: number;
  readonly ours: Score;
  readonly lastSlice: Score;
  readonly cpuShare: Score;
  /** Seconds of blame for roles that never held what it waited for. */
  readonly innocentSeconds: number;
  /** The most that a role is blamed for, of the most that it can have done. */
  readonly bound: number;
  /** Against the kernel's clock of the quota; NaN without one. */
  readonly throttle: number;
  /** PSI of the same, of run delay. */
  readonly pressure: number;
  readonly detectionMs: number;
}

export function judge(
  { scenario, cast, detectionMs }: Played,
  page: readonly Sample[],
  lastSlice: LastSlice,
): Verdict[] {
  return scenario.victims.map((victim) => {
    const who = cast.find(({ role }) => role.name === victim.role)!;
    const paths = new Set(who.places.map(({ path }) => path));
    const rows = [...paths].flatMap((path) => stallRows(page, { victim: path, resource: 'cpu' }));
    const blamed = rows.reduce((sum, { value }) => sum + value, 0);
    const unseen = rows.filter(({ labels }) => /^(?:unobserved|truncated)$/.test(labels.cause!));
    const truth = truthOf(victim.truth, who, cast);
    const score = (division: Division) => scoreOf(division, truth, victim, cast);
    const restShare = truth === undefined ? 0 : truth.get(REST)! / total(truth);
    const throttled = rows.filter(({ labels }) => labels.cause === 'throttle' && labels.offender === quotaOf(who));

    return {
      scenario: scenario.name,
      victim: victim.role,
      runDelaySeconds: who.runDelaySeconds,
      conservation: speaks(who) ? Math.abs(blamed / who.runDelaySeconds - 1) : Number.NaN,
      unseen: speaks(who) ? sumOf(unseen) / blamed : Number.NaN,
      ours: score(divisionOf(rows, who)),
      lastSlice: score(lastSliceDivision(lastSlice, who, cast)),
      cpuShare: score(cpuShareDivision(who, cast, restShare)),
      innocentSeconds: (victim.innocent ?? []).reduce((sum, role) => sum + blamedOn(rows, role, cast), 0),
      bound: Math.max(...cast.filter((one) => one !== who).map((one) => boundOf(one, who, rows)), 0),
      throttle: victim.truth === 'quota' ? Math.abs(sumOf(throttled) / who.throttledSeconds - 1) : Number.NaN,
      pressure: speaks(who) ? who.pressureSeconds / who.runDelaySeconds : Number.NaN,
      detectionMs: victim === scenario.victims[0] && speaks(who) ? detectionMs : Number.NaN,
    };
  });
}

function speaks({ runDelaySeconds }: Cast): boolean {
  return runDelaySeconds >= SPEAKS_SECONDS;
}

function divisionOf(rows: readonly Sample[], victim: Cast): Division {
  const division = new Map<string, number>();
  const own = new Set(victim.places.map(({ path }) => path));
  for (const { labels, value } of rows) {
    const { cause = '', offender = '' } = labels;
    const name = cause === 'neighbour' ? (own.has(offender) ? 'self' : offender) : cause;
    division.set(name, (division.get(name) ?? 0) + value);
  }
  return division;
}

function scoreOf(said: Division, truth: Division | undefined, victim: Victim, cast: readonly Cast[]): Score {
  const expected = victim.most === undefined ? undefined : nameOf(victim.most, cast);
  const names = new Set(cast.flatMap(({ places }) => places.map(({ path }) => path)));
  if (truth === undefined) {
    const top = topOf(only(said, [...names, 'self', 'throttle', 'kernel']));
    const innocent = new Set((victim.innocent ?? []).map((role) => nameOf(role, cast)));
    const accused = told(said, total(said)).filter((name) => innocent.has(name));
    return {
      variation: Number.NaN,
      isTopRight: expected === undefined ? undefined : top === expected,
      falselyAccused: accused,
    };
  }
  const whole = total(truth);
  if (whole < SPEAKS_SECONDS)
    return { variation: Number.NaN, isTopRight: undefined, falselyAccused: told(said, whole) };
  const comparable = only(said, truth.keys());
  const most = expected ?? mostOf(truth);
  const isKnown = (name: string) => truth.has(name) || (names.has(name) && !truth.has('throttle'));
  return {
    variation: totalVariation(comparable, truth),
    isTopRight: most === undefined ? undefined : topOf(only(said, [...names, 'self', 'throttle', 'kernel'])) === most,
    falselyAccused: told(said, whole).filter(
      (name) => isKnown(name) && (truth.get(name) ?? 0) < INNOCENT_SHARE * whole,
    ),
  };
}

/** Roles that an operator would hear of, by the shares that were said. */
function told(said: Division, waited: number): string[] {
  const whole = total(said);
  const isTold = (seconds: number) => (seconds / whole) * waited >= TOLD_SECONDS && seconds >= TOLD_SHARE * whole;
  return [...said].filter(([name, seconds]) => name.startsWith('/blame-') && isTold(seconds)).map(([name]) => name);
}

function nameOf(role: string, cast: readonly Cast[]): string {
  return cast.find((one) => one.role.name === role)?.places.at(-1)?.path ?? role;
}

function blamedOn(rows: readonly Sample[], role: string, cast: readonly Cast[]): number {
  const one = cast.find((each) => each.role.name === role)!;
  return (
    stallSeconds(rows, {}) -
    stallSeconds(
      rows.filter((row) => !isBy(row, one)),
      {},
    )
  );
}

function boundOf(offender: Cast, victim: Cast, rows: readonly Sample[]): number {
  const most = tasksOf(victim) * usedSeconds(offender);
  return most < SPEAKS_SECONDS ? 0 : sumOf(rows.filter((row) => isBy(row, offender))) / most;
}

function isBy({ labels }: Sample, { places }: Cast): boolean {
  return labels.cause === 'neighbour' && places.some(({ path }) => path === labels.offender);
}

function quotaOf({ parentPath, places }: Cast): string {
  return parentPath ?? places[0]!.path;
}

function sumOf(rows: readonly Sample[]): number {
  return rows.reduce((sum, { value }) => sum + value, 0);
}
