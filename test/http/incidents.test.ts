import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { request } from 'undici';
import { type IncidentAnswer, IncidentDetail, IncidentsAnswer } from '../../src/http/incidents-schema.ts';
import type { IncidentQuery, Incidents } from '../../src/http/index.ts';
import { INCIDENT, listening, QUIET } from './culprit.ts';

const NOW = 10_000_000;

async function ask(path: string, more: Partial<Incidents> = {}) {
  const queries: IncidentQuery[] = [];
  const { url } = await listening({
    incidents: {
      ...QUIET.incidents,
      now: () => NOW,
      find(query) {
        queries.push(query);
        return { incidents: [INCIDENT], degraded: [] };
      },
      ...more,
    },
  });
  const { statusCode, body } = await request(`${url}${path}`);
  return { status: statusCode, answer: (await body.json()) as Record<string, unknown>, queries };
}

const ALL = {
  state: undefined,
  detector: undefined,
  workload: undefined,
  sinceAt: undefined,
  limit: 100,
  before: undefined,
};

describe('GET /incidents', () => {
  it('answers what its schema describes, instants as times of day', async () => {
    const { answer } = await ask('/incidents', { wallOffsetMs: () => 1_000 });
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(IncidentsAnswer);

    assert.equal(check(answer), true, JSON.stringify(check.errors));
    const [incident] = (answer as { incidents: IncidentAnswer[] }).incidents;
    assert.deepEqual(
      [incident!.state, incident!.detectedAt, incident!.resolvedAt, incident!.evidence[0]!.from],
      ['open', '1970-01-01T00:00:06.000Z', null, '1970-01-01T00:00:05.500Z'],
    );
  });

  it('names the span that the incident has elsewhere', async () => {
    const id = '0198c2a4-1f3b-7c11-9d2e-5a6b7c8d9e0f';
    const { answer } = await ask('/incidents', { find: () => ({ incidents: [{ ...INCIDENT, id }], degraded: [] }) });

    const [incident] = (answer as { incidents: IncidentAnswer[] }).incidents;
    assert.deepEqual([incident!.traceId, incident!.spanId], ['0198c2a41f3b7c119d2e5a6b7c8d9e0f', '9d2e5a6b7c8d9e0f']);
  });

  it('asks for everything, unless it is told', async () => {
    const { queries } = await ask('/incidents');

    assert.deepEqual(queries, [ALL]);
  });

  it('asks for what it is told', async () => {
    const { queries } = await ask(
      '/incidents?state=resolved&detector=fork-storm&workload=a.service&since=15m&limit=7&cursor=0198-a',
    );

    const sinceAt = NOW - 900_000;
    assert.deepEqual(queries, [
      { state: 'resolved', detector: 'fork-storm', workload: 'a.service', sinceAt, limit: 7, before: '0198-a' },
    ]);
  });

  it('takes a time of day, and knows which instant that was', async () => {
    const { queries } = await ask('/incidents?since=1970-01-01T00:00:30Z', { wallOffsetMs: () => 10_000 });

    assert.deepEqual(queries, [{ ...ALL, sinceAt: 20_000 }]);
  });

  for (const [query, problem] of [
    ['state=closed', 'state: expected open or resolved or lost; got "closed"'],
    ['detector=fork-strom', 'detector: expected fork-storm; got "fork-strom"'],
    ['limit=0', 'limit: expected a whole number from 1 to 1000; got "0"'],
    [
      'since=yesterday',
      'since: expected an RFC 3339 time, or how long ago, such as 30s, 15m, 2h or 7d; got "yesterday"',
    ],
    [
      'severity=critical',
      'unknown parameter "severity"; expected one of state, detector, workload, since, limit, cursor',
    ],
    ['cursor=a%20b', 'cursor: expected the "next" of an earlier answer; got "a b"'],
  ]) {
    it(`refuses ?${query}, and says why`, async () => {
      const { status, answer } = await ask(`/incidents?${query}`);

      assert.deepEqual([status, answer], [400, { error: problem }]);
    });
  }
});

describe('GET /incidents/:id', () => {
  it('answers with that one', async () => {
    const asked: string[] = [];
    const get = (id: string) => {
      asked.push(id);
      return { ...INCIDENT, state: 'resolved' as const, resolvedAt: 9_000 };
    };
    const { answer } = await ask('/incidents/0198-a', { get });
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(IncidentDetail);

    assert.equal(check(answer), true, JSON.stringify(check.errors));
    assert.deepEqual([asked, answer.state], [['0198-a'], 'resolved']);
  });

  it('says that there is none', async () => {
    const { status, answer } = await ask('/incidents/7', { get: () => undefined });

    assert.deepEqual([status, answer], [404, { error: 'no incident "7": GET /incidents lists what there is' }]);
  });

  it('says what it expects when it is posted to', async () => {
    const { url } = await listening();

    const { statusCode, body } = await request(`${url}/incidents/7`, { method: 'POST' });

    assert.deepEqual([statusCode, await body.json()], [405, { error: 'expected GET, HEAD; got POST' }]);
  });
});

describe('GET /alerts', () => {
  it('asks for those that are open', async () => {
    const { queries } = await ask('/alerts');

    assert.deepEqual(queries, [{ ...ALL, state: 'open', limit: 1_000 }]);
  });
});
