import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { request } from 'undici';

import type { GraphBounds, ProcessesQuery, Wanted } from '../../src/http/index.ts';
import { listening } from './culprit.ts';
import { get, views } from './process-views.ts';

const ALL: ProcessesQuery = {
  namespace: undefined,
  workload: undefined,
  group: undefined,
  user: undefined,
  sort: 'cpu',
  limit: 50,
  after: undefined,
};
const NOBODY = { total: 0, matched: 0, processes: [], degraded: [] };

describe('GET /processes', () => {
  it('hands on what was asked for, as it is spelled', async () => {
    const queries: ProcessesQuery[] = [];
    const { url } = await listening({
      processes: (query) => {
        queries.push(query);
        return NOBODY;
      },
    });

    await get(url, '/processes');
    await get(url, '/processes?workload=docker%3Aa&group=a%26b&user=www-data&namespace=shop&sort=rss&limit=7');

    assert.deepEqual(queries, [
      ALL,
      { ...ALL, workload: 'docker:a', group: 'a&b', user: 'www-data', namespace: 'shop', sort: 'rss', limit: 7 },
    ]);
  });

  it('goes from page to page by the cursor that it gave, and ends', async () => {
    const { url } = await listening(views());
    const seen: number[] = [];

    let path = '/processes?sort=rss&limit=2';
    for (let pages = 0; path !== '' && pages < 10; pages++) {
      const { answer } = await get(url, path);
      seen.push(...answer.processes.map(({ pid }) => pid));
      path = answer.next === undefined ? '' : `/processes?sort=rss&limit=2&cursor=${answer.next}`;
    }

    assert.deepEqual(seen, [12, 11, 10, 20]);
  });

  it('finds a user by name and by number', async () => {
    const { url } = await listening(views());

    for (const user of ['www-data', '33']) {
      const { answer } = await get(url, `/processes?user=${user}`);
      assert.deepEqual(
        answer.processes.map(({ pid, user: name }) => [pid, name]),
        [[20, 'www-data']],
      );
    }
  });

  it('says that it is blind where no namespace is known, and not only that nobody is there', async () => {
    const { url } = await listening(views());

    const { answer } = await get(url, '/processes?namespace=shop');

    assert.deepEqual([answer.matched, answer.degraded], [0, ['no Kubernetes namespace is known on this host']]);
  });
});

describe('GET /processes/:pid and /graph/:pid', () => {
  it('hand on which process is meant, and how much of its graph', async () => {
    const asked: (Wanted | GraphBounds)[] = [];
    const { url } = await listening({
      graph: (...all) => {
        asked.push(...all);
        return {};
      },
    });

    await get(url, '/graph/7');
    await get(url, '/graph/7?startedNs=12345678901234&depth=0&children=3&limit=5');

    assert.deepEqual(asked, [
      { pid: 7, startedNs: undefined },
      { depth: 16, children: 20, limit: 200 },
      { pid: 7, startedNs: 12345678901234 },
      { depth: 0, children: 3, limit: 5 },
    ]);
  });

  it('tell how one ended', async () => {
    const { url } = await listening(views());

    const { answer } = await get(url, '/processes/21');

    assert.deepEqual(answer.ended, { at: '1970-01-01T00:00:01.200Z', reason: 'signal', exitCode: null, signal: 9 });
  });

  it('do not take another process for it that has its pid', async () => {
    const { url } = await listening(views());

    assert.equal((await get(url, '/processes/20?startedNs=20')).status, 200);
    assert.deepEqual(await get(url, '/processes/20?startedNs=19'), {
      status: 404,
      answer: { error: 'no process 20 that started at 19 ns lives, or ended a short while ago' },
    });
  });

  it('know nothing of who never was', async () => {
    const { url } = await listening(views());

    for (const path of ['/processes/4000', '/graph/4000'])
      assert.deepEqual(await get(url, path), {
        status: 404,
        answer: { error: 'no process 4000 lives, or ended a short while ago' },
      });
  });

  it('refuse other methods, whatever the pid', async () => {
    const { url } = await listening();

    const { statusCode, headers, body } = await request(`${url}/processes/12`, { method: 'DELETE' });
    await body.dump();

    assert.deepEqual([statusCode, headers.allow], [405, 'GET, HEAD']);
  });
});

describe('what is answered about processes', () => {
  for (const [template, path] of [
    ['/processes', '/processes?sort=stall'],
    ['/processes/{pid}', '/processes/20'],
    ['/processes/{pid}', '/processes/21'],
    ['/graph', '/graph?limit=1'],
    ['/graph/{pid}', '/graph/10'],
    ['/graph/{pid}', '/graph/20'],
  ] as const) {
    it(`is as described: ${path}`, async () => {
      const { url } = await listening(views());
      const { answer: api } = await get(url, '/openapi.json');
      const { schema } = api.paths[template]!.get.responses[200]!.content['application/json']!;
      const isDescribed = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(schema);

      const { answer } = await get(url, path);

      assert.deepEqual([isDescribed(answer), isDescribed.errors], [true, null]);
    });

    it(`has no password in it: ${path}`, async () => {
      const { url } = await listening(views());

      const { answer } = await get(url, path);

      assert.ok(!JSON.stringify(answer).includes('hunter2'));
    });
  }

  it('is described with the parameters of path and query', async () => {
    const { url } = await listening();

    const { answer } = await get(url, '/openapi.json');

    const told = (path: string) =>
      answer.paths[path]!.get.parameters.map((each) => `${each.in} ${each.name}${each.required ? ' required' : ''}`);
    assert.deepEqual(told('/graph/{pid}'), [
      'path pid required',
      'query startedNs',
      'query depth',
      'query children',
      'query limit',
    ]);
  });
});
