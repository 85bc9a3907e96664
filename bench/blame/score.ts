import type { Cast } from './actor.ts';
import { type Division, mostOf, only, topOf, total, totalVariation } from './division.ts';
import type { Victim } from './scenario.ts';

/** Below it a wait is too short for its shares to mean anything. */
export const SPEAKS_SECONDS = 0.05;
/** What an operator would be told of. */
const TOLD_SECONDS = 0.1;
const TOLD_SHARE = 0.2;
/** Of the truth: below it nobody should be told of. */
const INNOCENT_SHARE = 0.02;

/** A way to blame, against the truth. */
export interface Score {
  /** NaN where there is no truth. */
  readonly variation: number;
  /** Whether the one to name first was; undefined where nobody has most of it. */
  readonly isTopRight: boolean | undefined;
  readonly falselyAccused: readonly string[];
}

export function scoreOf(said: Division, truth: Division | undefined, victim: Victim, cast: readonly Cast[]): Score {
  const expected = victim.most === undefined ? undefined : nameOf(victim.most, cast);
  const top = topOf(only(said, [...namesOf(cast), 'self', 'throttle', 'kernel']));
  if (truth === undefined || total(truth) < SPEAKS_SECONDS) {
    const innocent = new Set((victim.innocent ?? []).map((role) => nameOf(role, cast)));
    const falselyAccused = told(said, total(said)).filter((name) => innocent.has(name));
    // Bursts that miss each other leave a few milliseconds, behind whoever else there is.
    const isMissed = total(said) < SPEAKS_SECONDS && namesOf(cast).includes(expected ?? '');
    const isUnknown = expected === undefined || truth !== undefined || isMissed;
    const isTopRight = isUnknown ? undefined : top === expected;
    return { variation: Number.NaN, isTopRight, falselyAccused };
  }

  const whole = total(truth);
  const most = expected ?? mostOf(truth);
  const isInnocent = (name: string) => (truth.get(name) ?? 0) < INNOCENT_SHARE * whole;
  // The clock of a quota does not say who else is to blame for the rest.
  const judged = truth.has('throttle') ? [] : told(said, whole);
  return {
    variation: totalVariation(only(said, truth.keys()), truth),
    isTopRight: most === undefined ? undefined : top === most,
    falselyAccused: [...judged, ...accusedOfQuota(said, truth)].filter(isInnocent),
  };
}

export function nameOf(role: string, cast: readonly Cast[]): string {
  return cast.find((one) => one.role.name === role)?.places.at(-1)?.path ?? role;
}

/** Where the quota explains nearly all, whoever is told of as a neighbour is accused falsely. */
function accusedOfQuota(said: Division, truth: Division): string[] {
  const throttled = truth.get('throttle') ?? 0;
  return throttled > (1 - TOLD_SHARE) * total(truth) ? told(said, total(truth)) : [];
}

/** Roles that an operator would hear of, by the shares that were said. */
function told(said: Division, waited: number): string[] {
  const whole = total(said);
  const isTold = (seconds: number) => (seconds / whole) * waited >= TOLD_SECONDS && seconds >= TOLD_SHARE * whole;
  return [...said].filter(([name, seconds]) => name.startsWith('/blame-') && isTold(seconds)).map(([name]) => name);
}

function namesOf(cast: readonly Cast[]): string[] {
  return cast.flatMap(({ places }) => places.map(({ path }) => path));
}
