import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { request } from 'undici';

import { createEngine, type Engine } from '../../src/core/engine/engine.ts';
import { whoStallsWhom } from '../../src/core/engine/who-stalls-whom.ts';
import type { BlameQuery } from '../../src/http/index.ts';
import { behind, NOW, SECOND, stall } from '../core/blame/stalls.ts';
import { listening } from './culprit.ts';

interface Asked {
  readonly status: number;
  readonly answer: unknown;
  /** What the core was asked for. */
  readonly queries: readonly BlameQuery[];
}

async function ask(query: string, answer: object = {}): Promise<Asked> {
  const queries: BlameQuery[] = [];
  const { url } = await listening({
    blame(wanted) {
      queries.push(wanted);
      return answer;
    },
  });
  const { statusCode, body } = await request(`${url}/blame${query}`);
  return { status: statusCode, answer: await body.json(), queries };
}

const ALL: BlameQuery = {
  windowMs: 30_000,
  victim: undefined,
  offender: undefined,
  resource: undefined,
  by: 'workload',
};

const FULL = {
  window: { asked: 30, covered: 29.2 },
  coverage: 0.9998,
  degraded: [],
  victims: [
    {
      victim: { name: 'pod:1', kind: 'pod', podUid: '1' },
      resource: 'cpu',
      seconds: 0.3,
      verdict: 'neighbour',
      confidence: 'high',
      parts: [
        {
          offender: 'resizer.service',
          cause: 'neighbour',
          basis: 'measured',
          seconds: 0.299,
          share: 0.997,
          excessShare: Number.NaN,
          processes: [{ pid: 8121, comm: 'convert', exe: 'convert', seconds: 0.2, share: 0.7 }],
        },
      ],
      remainder: { seconds: 0.001, share: 0.003 },
    },
  ],
};

describe('GET /blame', () => {
  it('looks back 30 seconds at everybody, unless told otherwise', async () => {
    const { status, queries } = await ask('');

    assert.deepEqual([status, queries], [200, [ALL]]);
  });

  it('takes a window in seconds or as a duration', async () => {
    for (const [window, windowMs] of [
      ['10s', 10_000],
      ['60', 60_000],
      ['2', 2_000],
      ['1m', 60_000],
      ['2500ms', 2_500],
      ['12.5s', 12_500],
    ] as const) {
      assert.deepEqual((await ask(`?window=${window}`)).queries, [{ ...ALL, windowMs }]);
    }
  });

  it('hands on who is asked about, as it is spelled', async () => {
    const { queries } = await ask('?victim=docker%3Aa%26b&offender=kernel:kworker&resource=cpu&by=pod');

    assert.deepEqual(queries, [
      { ...ALL, victim: 'docker:a&b', offender: 'kernel:kworker', resource: 'cpu', by: 'pod' },
    ]);
  });

  it('says null for what is not known', async () => {
    const { answer } = await ask('', FULL);

    assert.equal((answer as typeof FULL).victims[0]!.parts[0]!.excessShare, null);
  });

  for (const [whose, answer] of [
    ['an answer in full', () => FULL],
    ['what the core answers', coreAnswer],
    ['what the core answers before it saw anything', () => whoStallsWhom(host(), { windowMs: 10_000 }, NOW)],
  ] as const) {
    it(`describes ${whose}`, async () => {
      const { url } = await listening({ blame: () => ({ degraded: [], ...answer() }) });
      const { paths } = (await (await request(`${url}/openapi.json`)).body.json()) as {
        paths: Record<string, { get: Described }>;
      };
      const { parameters, responses } = paths['/blame']!.get;
      const isDescribed = new Ajv2020({ strict: false }).compile(responses[200]!.content['application/json']!.schema);

      const told = await (await request(`${url}/blame`)).body.json();

      assert.deepEqual([isDescribed(told), isDescribed.errors], [true, null]);
      assert.deepEqual(
        parameters.map(({ name }) => name),
        ['window', 'victim', 'offender', 'resource', 'by'],
      );
    });
  }
});

describe('GET /blame with a parameter that is wrong', () => {
  const range = 'expected seconds, or a duration such as 30s, from 2s to 60s';

  for (const [query, error] of [
    ['?window=1s', `window: ${range}; got "1s"`],
    ['?window=61', `window: ${range}; got "61"`],
    ['?window=-5', `window: ${range}; got "-5"`],
    ['?window=1e1', `window: ${range}; got "1e1"`],
    ['?window=half', `window: ${range}; got "half"`],
    ['?window=', 'window: expected a value; got nothing'],
    ['?window=10&window=20', 'window: expected one value; got 2'],
    ['?victim=', 'victim: expected a value; got nothing'],
    ['?resource=disk', 'resource: expected cpu or memory or io; got "disk"'],
    ['?by=node', 'by: expected workload or pod; got "node"'],
    ['?vicitm=a', 'unknown parameter "vicitm"; expected one of window, victim, offender, resource, by'],
    ['?__proto__=a', 'unknown parameter "__proto__"; expected one of window, victim, offender, resource, by'],
  ] as const) {
    it(`names it and what was expected: ${query}`, async () => {
      assert.deepEqual(await ask(query), { status: 400, answer: { error }, queries: [] });
    });
  }
});

function host(): Engine {
  return createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
}

function coreAnswer(): object {
  const engine = host();
  engine.observe({ kind: 'switches', at: NOW, seen: 90, missed: 10 });
  engine.observe(behind(100, 200, SECOND / 2, { holders: [{ pid: 7, ns: SECOND / 4 }] }));
  engine.observe(stall(100, 'kernel', SECOND / 4));
  engine.observe(stall(100, 'truncated', SECOND / 4));
  return whoStallsWhom(engine, { windowMs: 10_000 }, NOW + 1_500);
}

interface Described {
  readonly parameters: readonly { readonly name: string }[];
  readonly responses: Record<number, { readonly content: Record<string, { readonly schema: object }> }>;
}
