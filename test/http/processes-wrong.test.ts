import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { listening } from './culprit.ts';
import { get, views } from './process-views.ts';

describe('a question about processes that is wrong', () => {
  const cursor = Buffer.from(JSON.stringify(['rss', 5, 10, 10])).toString('base64url');
  const names = 'namespace, workload, group, user, sort, limit, cursor';

  for (const [path, error] of [
    ['/processes?sort=pid', 'sort: expected cpu or rss or forks or stall; got "pid"'],
    ['/processes?limit=0', 'limit: expected a whole number from 1 to 500; got "0"'],
    ['/processes?limit=501', 'limit: expected a whole number from 1 to 500; got "501"'],
    ['/processes?limit=1e2', 'limit: expected a whole number from 1 to 500; got "1e2"'],
    ['/processes?limit=-1', 'limit: expected a whole number from 1 to 500; got "-1"'],
    ['/processes?user=nobody-here', `user: expected a uid, or a name in the host's /etc/passwd; got "nobody-here"`],
    ['/processes?wrkload=a', `unknown parameter "wrkload"; expected one of ${names}`],
    ['/processes?group=', 'group: expected a value; got nothing'],
    ['/processes?cursor=abc', 'cursor: expected the "next" of an earlier answer; got "abc"'],
    ['/processes?cursor=WzldXQ', 'cursor: expected the "next" of an earlier answer; got "WzldXQ"'],
    [`/processes?cursor=${cursor}`, 'cursor: it is of a list sorted by rss; expected sort=rss, got sort=cpu'],
    ['/processes/self', 'pid: expected a whole number from 1 to 4194304; got "self"'],
    ['/processes/0', 'pid: expected a whole number from 1 to 4194304; got "0"'],
    ['/processes/1?sort=cpu', 'unknown parameter "sort"; expected one of startedNs'],
    ['/processes/1?startedNs=x', 'startedNs: expected a whole number; got "x"'],
    ['/graph/1?depth=65', 'depth: expected a whole number from 0 to 64; got "65"'],
    ['/graph?depth=-1', 'depth: expected a whole number from 0 to 64; got "-1"'],
    ['/graph?startedNs=1', 'unknown parameter "startedNs"; expected one of depth, children, limit'],
    ['/graph/1?children=0', 'children: expected a whole number from 1 to 1000; got "0"'],
    ['/graph/1?limit=9999', 'limit: expected a whole number from 0 to 2000; got "9999"'],
  ] as const) {
    it(`is told what was expected: ${path}`, async () => {
      const { url } = await listening(views());

      assert.deepEqual(await get(url, path), { status: 400, answer: { error } });
    });
  }
});
