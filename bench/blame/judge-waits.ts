import type { Cast } from './actor.ts';
import { stalledBetween, stallRows, stallSeconds } from './matrix.ts';
import type { Played, Reading } from './play.ts';

/** What is said of waits for a disk or for memory; NaN where there is nothing to hold it against. */
export interface WaitVerdict {
  readonly scenario: string;
  /** Why it says nothing; undefined when the exporter told something of the resource. */
  readonly resource: string;
  readonly skipped: string | undefined;
  /** All of the exporter's blame against the time that the kernel counted of all requests − 1. */
  readonly conservation: number;
  /** The offender's share, less the part of the victim's latency that goes when the offender does. */
  readonly shareError: number;
  readonly isTopRight: boolean | undefined;
  readonly innocentSeconds: number;
}

/** `alone`: the same without the offender. */
export function judgeWaits(played: Played, after: Reading, alone: Played | undefined): WaitVerdict {
  const { scenario, cast, before } = played;
  const { page } = after;
  const { resource = 'io' } = scenario;
  const skipped = stallRows(page, { resource }).length === 0 ? `the exporter tells nothing of ${resource}` : undefined;
  const [expected] = scenario.victims;
  const victim = castOf(cast, expected!.role);
  const { path } = victim.places[0]!;
  const whole = stallSeconds(page, { victim: path, resource });
  const on = (role: string) =>
    stallSeconds(page, { victim: path, resource, offender: castOf(cast, role).places[0]!.path });
  const self = stallSeconds(page, { victim: path, resource, cause: 'self' });
  const most = expected!.most;
  const accused = most === undefined ? Number.NaN : most === 'self' ? self : on(most);

  return {
    scenario: scenario.name,
    resource,
    skipped,
    conservation:
      resource === 'io'
        ? stalledBetween(before.page, page, { resource }) / (after.requestSeconds - before.requestSeconds) - 1
        : Number.NaN,
    shareError:
      alone === undefined ? Number.NaN : accused / whole - goneShare(victim, castOf(alone.cast, expected!.role)),
    isTopRight: most === undefined ? undefined : accused > whole / 2,
    innocentSeconds: (expected!.innocent ?? []).reduce((sum, role) => sum + on(role), 0),
  };
}

/** Of the victim's latency, what its neighbour cost it. */
function goneShare(together: Cast, alone: Cast): number {
  return 1 - latency(alone) / latency(together);
}

function latency({ deeds }: Cast): number {
  return deeds!.operationNs / deeds!.operations;
}

function castOf(cast: readonly Cast[], role: string): Cast {
  return cast.find((one) => one.role.name === role)!;
}
