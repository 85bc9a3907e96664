import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { answering } from './blame-answers.ts';
import { culprit } from './culprit.ts';
import { PRESSURE, RUNNING_OUT, STORM } from './incident-answers.ts';

const listed = (...incidents: readonly object[]) => answering({ incidents });

const TABLE = `1 open, 1 over:

ID        SINCE             LASTED  STATE     SEVERITY  DETECTOR         WHO                          WHERE                WORST       LIMIT
c0ffee01  2026-09-21 03:15    AGES  open      critical  fork-storm       perl[8121]                   batch.service  600 forks/s  50 forks/s
deadbeef  2026-09-21 03:15    90 s  resolved  warning   noisy-neighbour  batch.service → web.service  batch.service         47 %        20 %

culprit incidents c0ffee01 tells one in full, and what to do.
`;

const DETAIL = `Noisy neighbour, warning, over after 90 s.

batch.service → web.service: 47 % at its worst, 2.3 times the limit of 20 %; web.service suffers.

Began 2026-09-21 03:15, found 2026-09-21 03:15, worst 2026-09-21 03:15, over 2026-09-21 03:16.

Incident 0199a1b2-0000-7e5f-8a9b-0c1ddeadbeef; trace 0199a1b2c3d47e5f8a9b0c1dc0ffee01.

Meaning     One process creates children faster than a healthy build or server does.
Impact      Pids and memory run out.
Diagnosis   Follow the lineage upwards.
What to do  Stop the parent, not the children.
`;

describe('culprit incidents', () => {
  it('lists what is open, then what is over, and says how to learn more', async () => {
    const { url } = await listed(STORM, PRESSURE);

    const { code, out, err } = await culprit(['incidents', '--url', url]);

    const age = /(\d+ \w+) {2}open/.exec(out)?.[1] ?? '';
    assert.deepEqual([code, out.replace(age, 'AGES'.padStart(age.length)), err], [0, TABLE, '']);
  });

  it('says that there is none', async () => {
    const { url } = await listed();

    assert.deepEqual(await culprit(['incidents', '--url', url]), { code: 0, out: 'No incidents.\n', err: '' });
  });

  it('tells nothing wrong from nothing known', async () => {
    const { url } = await answering({ incidents: [], degraded: ["the store can't be opened"] });

    assert.equal((await culprit(['incidents', '--url', url])).out, "No incidents.\n\n! the store can't be opened\n");
  });

  it('asks for what its flags say, the twenty latest unless told otherwise', async () => {
    const { url, asked } = await listed(STORM);

    await culprit(['incidents', '--url', url]);
    await culprit(
      `incidents --url ${url} --state open --detector fork-storm --workload=a&b --since 15m --limit 7`.split(' '),
    );

    assert.deepEqual(asked, [
      '/incidents?limit=20',
      '/incidents?state=open&detector=fork-storm&workload=a%26b&since=15m&limit=7',
    ]);
  });

  it('tells a script by its exit code, if that is asked, whether there is one', async () => {
    const [some, none] = [await listed(STORM), await listed()];
    const codes = await Promise.all(
      [`${some.url} --exit-code`, `${none.url} --exit-code`, some.url, 'http://127.0.0.1:1 --exit-code'].map(
        async (words) => (await culprit(`incidents --url ${words}`)).code,
      ),
    );

    assert.deepEqual(codes, [3, 0, 0, 1]);
  });

  it('paints what is open, the worse the more, on a terminal only', async () => {
    const mild = { ...STORM, severity: 'warning' };
    const { url } = await listed(STORM, mild, { ...STORM, severity: 'info' }, PRESSURE);

    const terminal = await culprit(['incidents', '--url', url], { isTTY: true });
    const file = await culprit(['incidents', '--url', url]);

    const [, , , ...rows] = terminal.out.split('\n');
    const codes = rows.slice(0, 4).map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]);
    assert.deepEqual(codes, ['31', '33', undefined, undefined]);
    assert.ok(!file.out.includes('\x1b'));
  });

  it('fits a narrow terminal, and still tells who and how bad', async () => {
    const { url } = await listed(STORM, PRESSURE);

    const { out } = await culprit(['incidents', '--url', url], { isTTY: true, env: { NO_COLOR: '1' } });

    assert.ok(
      out.split('\n').every((line) => line.length <= 80),
      out,
    );
    assert.match(out, /\nc0ffee01 .* critical +fork-storm +perl\[8121\] +batch\S+ +600 forks\/s/);
  });

  it('hands a program the answer as it came', async () => {
    const { url } = await listed(STORM);

    const { out } = await culprit(['incidents', '--json', '--url', url]);

    assert.deepEqual(JSON.parse(out), { incidents: [STORM] });
  });

  it('obeys no terminal codes that came with a name', async () => {
    const evil = 'a\x1b[2Jb';
    const hostile = {
      ...PRESSURE,
      title: evil,
      detector: evil,
      entity: { kind: 'pair', name: evil },
      culprit: { ...PRESSURE.culprit, workload: { name: evil } },
      victim: { name: evil },
      evidence: [{ ...STORM.evidence[0], what: evil, source: evil }],
      runbook: { ...STORM.runbook, meaning: evil },
    };
    const { url } = await answering({ incidents: [hostile], ...hostile });

    for (const id of [[], [hostile.id]])
      assert.ok(!/[\x00-\x09\x0b-\x1f]/.test((await culprit(['incidents', ...id, '--url', url])).out));
  });
});

describe('culprit incidents ID', () => {
  it('tells all of it: who, where from, what shows it, when, and what to do', async () => {
    const { url, asked } = await answering({ incidents: [STORM, PRESSURE], ...STORM });

    const { page, text } = wide();
    const { code, err } = await culprit(['incidents', 'c0ffee01', '--url', url], { stdout: page });

    assert.deepEqual([code, err, asked], [0, '', ['/incidents?limit=1000', `/incidents/${STORM.id}?`]]);
    for (const part of [
      /^Fork storm, critical, open for \d+ \w+\.\n\n/,
      /\n\nperl\[8121\] of batch\.service: 600 forks\/s at its worst, 12 times the limit of 50 forks\/s\.\n\n/,
      /\n\nsystemd\[1\]\n└─ bash\[8100\]\n {3}└─ perl\[8121\]\n\n/,
      /\nID {2}WHAT +VALUE +OVER {2}SOURCE\nE1 {2}forks +300 forks +1 s {2}sched_process_fork\nE2 {2}children that live +1 process +process tree\n/,
      /\n\nOpen when it began: deadbeef\.\n\n/,
      /\nWhat to do {2}Stop the parent, not the children\.\n$/,
    ])
      assert.match(text(), part);
  });

  it('says what there is of one that is over and has no process', async () => {
    const { url } = await answering({ incidents: [], ...PRESSURE });

    const { page, text } = wide();
    await culprit(['incidents', PRESSURE.id, '--url', url], { stdout: page });

    assert.equal(text(), DETAIL);
  });

  it('counts no times of what runs out, and tells when it will have', async () => {
    const { url } = await answering({ incidents: [], ...RUNNING_OUT });

    const { page, text } = wide();
    await culprit(['incidents', RUNNING_OUT.id, '--url', url], { stdout: page });

    assert.match(text(), /^Noisy neighbour, info, lost: Culprit ended before it did\.\n/);
    assert.match(text(), /: 120 s at its worst, the limit is 900 s\.\n/);
    assert.match(text(), /\nIn 120 s the memory limit is reached, as it goes now\.\n/);
  });

  it('wants more of an id that several end with', async () => {
    const { url } = await listed(STORM, { ...STORM, id: `f${STORM.id}` });

    assert.deepEqual(await culprit(['incidents', 'ee01', '--url', url]), {
      code: 2,
      out: '',
      err: 'culprit incidents: 2 ids end with ee01; expected more of it\nTry: culprit incidents --help\n',
    });
  });

  for (const [line, problem] of [
    ['incidents a b', 'unexpected argument "b"'],
    ['incidents a --state open', '--state: expected no ID beside it; got a'],
    ['incidents --state closed', '--state: expected one of open, resolved, lost; got "closed"'],
    ['incidents --url nowhere', '--url: expected a URL such as http://127.0.0.1:9464; got "nowhere"'],
  ] as const) {
    it(`refuses ${line}`, async () => {
      const { code, err } = await culprit(line);

      assert.deepEqual([code, err], [2, `culprit incidents: ${problem}\nTry: culprit incidents --help\n`]);
    });
  }
});

/** A page on which no sentence is broken. */
function wide() {
  const written: string[] = [];
  return { page: { columns: 1_000, write: (text: string) => written.push(text) }, text: () => written.join('') };
}
