import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trigger } from '../scenarios/scenario.ts';
import { besides, judge, type Played } from '../scenarios/stage/judge.ts';
import type { Seen } from '../scenarios/stage/watch.ts';
import type { IncidentAnswer } from '../src/http/incidents-schema.ts';

const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const OURS = '/scenario-storm';

interface Told {
  readonly detector?: string;
  readonly pid?: number;
  readonly workload?: string;
  readonly victim?: string;
  readonly afterSeconds?: number;
  readonly resolvedAfterSeconds?: number;
}

/** Told so long after the beginning, over so long after it; `entity` is the host where the workload is. */
function told({
  detector = 'fork-storm',
  pid = 7,
  workload = OURS,
  victim,
  afterSeconds = 0.5,
  resolvedAfterSeconds = 70,
}: Told): Seen {
  const time = (seconds: number) => new Date(BEGAN + seconds * 1_000).toISOString();
  const incident = {
    id: `${detector} ${pid} ${workload}`,
    detector,
    entity: { kind: workload === 'host' ? 'host' : 'process', name: 'it' },
    peak: { value: 61, at: time(afterSeconds) },
    unit: '{fork}/s',
    threshold: 50,
    culprit: {
      process: { pid, startedNs: 1, comm: 'perl', exe: 'perl' },
      workload: { name: workload, kind: 'cgroup' },
    },
    victim: victim === undefined ? null : { name: victim, kind: 'cgroup' },
    detectedAt: time(afterSeconds),
    resolvedAt: Number.isNaN(resolvedAfterSeconds) ? null : time(resolvedAfterSeconds),
  } as unknown as IncidentAnswer;
  return { incident, seenAt: BEGAN + afterSeconds * 1_000 };
}

/** A storm that lasted for ten seconds, of process 7. */
function played(incidents: readonly Seen[], more: Partial<Played> = {}): Played {
  const scenario = trigger({
    does: '',
    expects: [{ detector: 'fork-storm', culprit: 'the leader', withinSeconds: 0.7 }],
    also: ['fork-burst'],
    play: async () => {},
  });
  return {
    scenario: { ...scenario, name: 'storm' },
    watch: { all: () => incidents },
    workloads: [OURS],
    beganAt: BEGAN,
    endedAt: BEGAN + 10_000,
    leader: { pid: 7 },
    claims: [],
    failure: undefined,
    ...more,
  };
}

const lookalike = (incidents: readonly Seen[]) => {
  const { scenario } = played([]);
  return played(incidents, { scenario: { ...scenario, expects: [], also: [] } });
};

describe('a scenario', () => {
  it('is as it must be when its culprit was told in time and it was over in the end', () => {
    const { holds, rows } = judge(played([told({}), told({ detector: 'fork-burst' })]));

    assert.deepEqual(
      [holds, rows],
      [true, [{ detector: 'fork-storm', culprit: 'right', delaySeconds: 0.5, resolvedSeconds: 60, holds: true }]],
    );
  });

  it('fails when another process of its workload was accused', () => {
    const { holds, rows } = judge(played([told({ pid: 8 })]));

    assert.deepEqual([holds, rows[0]?.culprit], [false, `wrong: perl (pid 8) of ${OURS}`]);
  });

  it('fails when none of the victims that were told plays in it', () => {
    const verdicts = ['init.scope', OURS].map((victim) => judge(played([told({ victim })])));

    assert.deepEqual(
      verdicts.map(({ holds }) => holds),
      [false, true],
    );
  });

  it('fails when it was told late, not at all, or is still open', () => {
    const late = [told({ afterSeconds: 0.8 })];
    const open = [told({ resolvedAfterSeconds: Number.NaN })];

    assert.deepEqual(
      [late, [], open].map((incidents) => judge(played(incidents)).holds),
      [false, false, false],
    );
  });

  it('fails when something was told of it that nobody ordered, and so does a look-alike', () => {
    const extra = told({ detector: 'zombies' });

    const verdicts = [judge(played([told({}), extra])), judge(lookalike([extra]))];

    assert.deepEqual(
      verdicts.map(({ holds, unordered }) => [holds, unordered]),
      [1, 2].map(() => [false, [`zombies: it, 61 {fork}/s against 50, accused perl (pid 7) of ${OURS}`]]),
    );
  });

  it('fails when it alone was played while the host as a whole was in trouble', () => {
    const during = told({ detector: 'pressure', workload: 'host' });
    const after = told({ detector: 'pressure', workload: 'host', afterSeconds: 20 });

    assert.deepEqual([judge(lookalike([during])).holds, judge(lookalike([after])).holds], [false, true]);
  });

  it('is not blamed for what others do', () => {
    const stage = played([told({}), told({ detector: 'zombies', workload: 'cron.service' })]);

    assert.deepEqual(
      [judge(stage).holds, besides([stage])],
      [true, ['zombies: it, 61 {fork}/s against 50, accused perl (pid 7) of cron.service']],
    );
  });

  it('fails when it could not be played, or a claim of it does not hold', () => {
    const claims = [{ what: 'told before', value: -1, unit: 's', holds: false }];

    assert.deepEqual(
      [judge(played([told({})], { failure: 'no disk' })).holds, judge(played([told({})], { claims })).holds],
      [false, false],
    );
  });
});
