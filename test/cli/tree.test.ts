import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { answering } from './blame-answers.ts';
import { culprit } from './culprit.ts';
import { CONVERT, graphOf, HOST, node } from './process-answers.ts';

const SYSTEMD = { ...HOST, pid: 1, comm: 'systemd', exe: 'systemd', user: 'root' };
const SHELL = {
  pid: 8100,
  comm: 'sh',
  exe: 'dash',
  cpuRatio: 0,
  residentBytes: 2 ** 20,
  stallRatio: 0,
  forksPerSecond: 40,
};

const WHOLE = `PROCESS                          PID  USER        CPU   MEMORY  FORKS/S  ALL  ALL CPU  WORKLOAD
systemd                            1  root        0 %   12 MiB             5    200 %  host
├─ dash                         8100  www-data    0 %  1.0 MiB       40    3    200 %  resizer.service
│  ├─ convert                   8121  www-data  194 %  312 MiB
│  ├─ convert                   8122  www-data    6 %  312 MiB
│  └─ 2 more, 9 with all below
├─ cron                            9  root        0 %   12 MiB
└─ 3 more
`;

const ONE = `PROCESS            PID  USER        CPU   MEMORY  FORKS/S  ALL  ALL CPU  WORKLOAD
systemd              1  root        0 %   12 MiB                         host
└─ dash (ended)   8100  www-data    0 %  1.0 MiB       40                resizer.service
   └─ convert     8121  www-data  194 %  312 MiB             2    200 %
      └─ convert  8122  www-data  194 %  312 MiB

! mode is procfs
`;

describe('culprit tree', () => {
  it('draws everybody, the workload where it changes', async () => {
    const shell = node(SHELL, node({}), node({ pid: 8122, cpuRatio: 0.06 }));
    const root = node(
      SYSTEMD,
      { ...shell, leftOut: { children: 2, processes: 9 } },
      node({ ...HOST, pid: 9, exe: 'cron', user: 'root' }),
    );
    const { url, asked } = await answering({
      roots: [{ ...root, leftOut: { children: 3, processes: 3 } }],
      degraded: [],
    });

    assert.deepEqual(await culprit(['tree', '--url', url]), { code: 0, out: WHOLE, err: '' });
    assert.deepEqual(asked, ['/graph?']);
  });

  it('draws whom one comes from above it, those that have ended too', async () => {
    const ancestors = [
      { ...CONVERT, ...SHELL, hasEnded: true },
      { ...CONVERT, ...SYSTEMD, hasEnded: false },
    ];
    const { url, asked } = await answering({
      ...graphOf(node({}, node({ pid: 8122 })), ...ancestors),
      degraded: ['mode is procfs'],
    });

    assert.equal((await culprit(['tree', '8121', '--url', url, '--depth=3'])).out, ONE);
    assert.deepEqual(asked, ['/graph/8121?depth=3']);
  });

  it('says how many stand above what it draws', async () => {
    const ancestors = [{ ...CONVERT, ...SYSTEMD, hasEnded: false }];
    const { url } = await answering({ ...graphOf(node({}), ...ancestors), ancestorsLeftOut: 36 });

    const [, ...lines] = (await culprit(['tree', '8121', '--url', url])).out.split('\n');

    assert.deepEqual(
      lines.slice(0, 3).map((line) => line.slice(0, 14).trimEnd()),
      ['36 more above', '└─ systemd', '   └─ convert'],
    );
  });

  it('makes the one that was asked for stand out, on a terminal', async () => {
    const calm = { stallRatio: 0 };
    const { url } = await answering(graphOf(node(calm), { ...CONVERT, ...SYSTEMD, hasEnded: false }));

    const { out } = await culprit(['tree', '8121', '--url', url], { isTTY: true });

    assert.deepEqual(
      out.split('\n').map((line) => line.startsWith('\x1b[1m')),
      [true, false, true, false],
    );
  });

  it('hands a program the answer as it came', async () => {
    const { url } = await answering(graphOf(node({})));

    assert.deepEqual(JSON.parse((await culprit(['tree', '8121', '--json', '--url', url])).out), graphOf(node({})));
  });

  it('fails with what the exporter says when there is no such process', async () => {
    const error = 'no process 7 lives, or ended a short while ago';
    const { url } = await answering({ error }, 404);

    assert.deepEqual(await culprit(['tree', '7', '--url', url]), {
      code: 1,
      out: '',
      err: `culprit tree: ${url} answered 404: ${error}\n`,
    });
  });

  for (const [line, problem] of [
    ['tree self', 'expected a PID; got "self"'],
    ['tree ../status', 'expected a PID; got "../status"'],
    ['tree 1 2', 'unexpected argument "2"'],
    ['tree --depth', '--depth: expected NUMBER; got nothing'],
    ['tree -1', 'unknown flag -1'],
  ] as const) {
    it(`refuses ${line}`, async () => {
      assert.deepEqual(await culprit(line), {
        code: 2,
        out: '',
        err: `culprit tree: ${problem}\nTry: culprit tree --help\n`,
      });
    });
  }
});
