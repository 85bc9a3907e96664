import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { request } from 'undici';

import { workloadViews } from '../../src/app/workload-views.ts';
import { PressureAnswer, WorkloadsAnswer } from '../../src/http/workloads-schema.ts';
import { after, DB, snapshot, WEB } from '../core/support/engine.ts';
import { sample } from '../core/support/events.ts';
import { listening } from './culprit.ts';

async function ask(path: string) {
  const engine = after(WEB, DB, ...snapshot(1_000, sample(10), sample(20, { cgroupId: 200 })), {
    kind: 'pressure',
    at: 1_000,
    cgroupId: 100,
    resource: 'io',
    someSeconds: 2,
    fullSeconds: 1,
  });
  const { url } = await listening(workloadViews({ engine, now: () => 2_000, degraded: () => ['no probes'] }));
  const { statusCode, body } = await request(url + path);
  // biome-ignore lint/suspicious/noExplicitAny: it is checked against its schema, or is an error.
  return { status: statusCode, answer: (await body.json()) as any };
}

describe('GET /workloads', () => {
  it('answers what its schema describes; what is not known is null', async () => {
    const { answer } = await ask('/workloads');
    const check = new Ajv2020({ strict: false }).compile(WorkloadsAnswer);

    assert.equal(check(answer), true, JSON.stringify(check.errors));
    assert.deepEqual([answer.total, answer.degraded, answer.workloads[0].memoryLimitBytes], [2, ['no probes'], null]);
  });

  it('goes on where the page before ended', async () => {
    const { answer: first } = await ask('/workloads?sort=processes&limit=1');
    const { answer: second } = await ask(`/workloads?sort=processes&limit=1&cursor=${first.next}`);

    assert.deepEqual(
      [first, second].map(({ workloads, next }) => [workloads[0].workload.name, next !== undefined]),
      [
        ['db.service', true],
        ['web.service', false],
      ],
    );
  });

  for (const [query, problem] of [
    ['sort=rss', /^sort: expected cpu or memory or .*; got "rss"$/],
    ['kind=vm', /^kind: expected pod or container or .*; got "vm"$/],
    ['limit=1001', /^limit: expected a whole number from 1 to 1000; got "1001"$/],
    ['cursor=abc', /^cursor: expected the "next" of an earlier answer; got "abc"$/],
  ] as const) {
    it(`refuses ?${query}, and says why`, async () => {
      const { status, answer } = await ask(`/workloads?${query}`);

      assert.equal(status, 400);
      assert.match(answer.error, problem);
    });
  }
});

describe('GET /pressure', () => {
  it('answers what its schema describes', async () => {
    const { answer } = await ask('/pressure');
    const check = new Ajv2020({ strict: false }).compile(PressureAnswer);

    assert.equal(check(answer), true, JSON.stringify(check.errors));
    assert.deepEqual(
      [answer.host.io.full.seconds, answer.workloads[0].name, answer.workloads[0].pressures.io.full.seconds],
      [null, 'web.service', 1],
    );
  });

  it('tells of one workload where only that is asked for', async () => {
    const { answer } = await ask('/pressure?workload=db.service');

    assert.deepEqual([answer.matched, answer.workloads], [0, []]);
  });

  it('refuses what it does not know', async () => {
    const { status, answer } = await ask('/pressure?window=10s');

    assert.deepEqual([status, answer.error], [400, 'unknown parameter "window"; expected one of workload, limit']);
  });
});
