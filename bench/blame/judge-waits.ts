import type { Cast } from './actor.ts';
import { stalledBetween, stallRows, stallSeconds } from './matrix.ts';
import type { Played, Reading } from './play.ts';

/** What is said of waits for a disk or for memory; NaN where there is nothing to hold it against. */
export interface WaitVerdict {
  readonly scenario: string;
  readonly isTold: boolean;
  /** All of the exporter's blame against the time that the kernel counted of all requests − 1. */
  readonly conservation: number;
  /** The part of the victim's wait that goes when the offender does. */
  readonly goneShare: number;
  /** The offender's share of the victim's wait − `goneShare`. */
  readonly shareError: number;
  readonly isTopRight: boolean | undefined;
  readonly innocentSeconds: number;
}

/** What was played, and what the exporter said once it was over. */
export interface Watched {
  readonly played: Played;
  readonly after: Reading;
}

/** Who has half of it and no more may be first or second: from here on there is no doubt. */
const MOST_OF_IT = 0.6;

/** `alone`: the same without the offender, before and after. */
export function judgeWaits(together: Watched, alone: readonly Watched[] | undefined): WaitVerdict {
  const { scenario, cast, before } = together.played;
  const { page, requestSeconds } = together.after;
  const { resource = 'io' } = scenario;
  const { role, most, innocent = [] } = scenario.victims[0]!;
  const whole = waitOf(together, role);
  const victim = pathOf(cast, role);
  const on = (name: string) => stallSeconds(page, { victim, resource, offender: pathOf(cast, name) });
  const self = stallSeconds(page, { victim, resource, cause: 'self' });
  const accused = most === undefined ? Number.NaN : most === 'self' ? self : on(most);
  const goneShare = alone === undefined ? Number.NaN : 1 - meanWait(alone, role) / meanWait([together], role);

  return {
    scenario: scenario.name,
    isTold: stallRows(page, { resource }).length > 0,
    conservation:
      resource === 'io'
        ? stalledBetween(before.page, page, { resource }) / (requestSeconds - before.requestSeconds) - 1
        : Number.NaN,
    goneShare,
    shareError: accused / whole - goneShare,
    isTopRight: most === undefined || goneShare < MOST_OF_IT ? undefined : accused > whole / 2,
    innocentSeconds: innocent.reduce((sum, name) => sum + on(name), 0),
  };
}

/**
 * Of one operation, in seconds. The victim's own clock would do, but for what it waits for a CPU after its request is
 * over; that the exporter's sum is right is shown by `conservation`.
 */
function meanWait(times: readonly Watched[], role: string): number {
  const sum = (of: (one: Watched) => number) => times.reduce((so, one) => so + of(one), 0);
  return sum((one) => waitOf(one, role)) / sum((one) => castOf(one.played.cast, role).deeds!.operations);
}

function waitOf({ played, after }: Watched, role: string): number {
  const { resource = 'io' } = played.scenario;
  return stallSeconds(after.page, { victim: pathOf(played.cast, role), resource });
}

function pathOf(cast: readonly Cast[], role: string): string {
  return castOf(cast, role).places[0]!.path;
}

function castOf(cast: readonly Cast[], role: string): Cast {
  return cast.find((one) => one.role.name === role)!;
}
