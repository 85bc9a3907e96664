import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { WorkloadTold } from '../../src/cli/workload-answer.ts';
import { answering } from './blame-answers.ts';
import { culprit } from './culprit.ts';

const API: WorkloadTold = {
  workload: { kind: 'pod', name: 'payments/api' },
  processes: 12,
  cpuRatio: 1.94,
  memoryBytes: 312 * 2 ** 20,
  memoryLimitBytes: 2 ** 29,
  residentBytes: 2 ** 20,
  pids: 40,
  pidsLimit: 100,
  throttledRatio: 0.31,
  stallCausedRatio: 0.312,
  stallSufferedRatio: 0,
};
const HOST: WorkloadTold = {
  workload: { kind: 'host', name: 'host' },
  processes: 90,
  cpuRatio: 0,
  memoryBytes: null,
  memoryLimitBytes: null,
  residentBytes: 9.5 * 2 ** 20,
  pids: null,
  pidsLimit: null,
  throttledRatio: null,
  stallCausedRatio: null,
  stallSufferedRatio: 0.002,
};

const listOf = (...workloads: readonly WorkloadTold[]) => ({ total: 7, matched: 7, workloads, degraded: [] });

const TABLE = `7 workloads, the first 2 by CPU:

WORKLOAD      KIND  PROCESSES    CPU   MEMORY    LIMIT      TASKS  THROTTLED    STALLS   WAITS
payments/api  pod          12  194 %  312 MiB  512 MiB  40 of 100       31 %  312 ms/s
host          host         90    0 %  9.5 MiB                   ?                    ?  2 ms/s
`;

describe('culprit workloads', () => {
  it('lists them, and says nothing where there is nothing', async () => {
    const { url } = await answering(listOf(API, HOST));

    assert.deepEqual(await culprit(['workloads', '--url', url]), { code: 0, out: TABLE, err: '' });
  });

  it('asks for what its flags say, twenty unless told otherwise', async () => {
    const { url, asked } = await answering(listOf(API));

    await culprit(['workloads', '--url', url]);
    await culprit(`workloads --url ${url} --sort wait --kind pod --namespace a&b --limit 3`.split(' '));

    assert.deepEqual(asked, ['/workloads?limit=20', '/workloads?sort=wait&kind=pod&namespace=a%26b&limit=3']);
  });

  it('paints who makes others wait, and who is held back, on a terminal only', async () => {
    const held = { ...API, stallCausedRatio: 0 };
    const { url } = await answering(listOf(API, held, HOST));

    const terminal = await culprit(['workloads', '--url', url], { isTTY: true });
    const file = await culprit(['workloads', '--url', url]);

    const [, , , ...rows] = terminal.out.split('\n');
    assert.deepEqual(
      rows.slice(0, 3).map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]),
      ['31', '33', undefined],
    );
    assert.ok(!file.out.includes('\x1b'));
  });

  it('says that there is none, and why less is seen', async () => {
    const { url } = await answering({ ...listOf(), degraded: ['no \x1bprobes'] });

    assert.equal((await culprit(['workloads', '--url', url])).out, '7 workloads, none as asked for.\n\n! no  probes\n');
  });

  for (const [line, problem] of [
    ['workloads web', 'unexpected argument "web"'],
    ['workloads --sort rss', '--sort: expected one of cpu, memory, stall, wait, throttled, processes, pids; got "rss"'],
  ] as const) {
    it(`refuses ${line}`, async () => {
      const { code, err } = await culprit(line);

      assert.deepEqual([code, err], [2, `culprit workloads: ${problem}\nTry: culprit workloads --help\n`]);
    });
  }
});
