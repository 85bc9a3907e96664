import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { answering } from './blame-answers.ts';
import { culprit } from './culprit.ts';
import { CONVERT, KTHREAD, listOf, POSTGRES } from './process-answers.ts';

const TABLE = `2143 processes, the first 3 by CPU:

 PID  USER      S    CPU   MEMORY      GROWTH  FORKS/S    STALLS   AGE  WORKLOAD         COMMAND
8121  www-data  R  194 %  312 MiB  +2.1 MiB/s           312 ms/s  74 s  resizer.service  convert --quality <redacted:2> <redacted:6>
 700  1999      D   <1 %  9.5 MiB           ?       12            10 d  db.service       postgres
   2  root      S      ?      0 B                    ?         ?  74 s  ?                [kthreadd]
`;

describe('culprit top', () => {
  it('lists processes, and says nothing where there is nothing', async () => {
    const { url } = await answering(listOf(CONVERT, POSTGRES, KTHREAD));

    assert.deepEqual(await culprit(['top', '--url', url]), { code: 0, out: TABLE, err: '' });
  });

  it('asks for what its flags say, twenty unless told otherwise', async () => {
    const { url, asked } = await answering(listOf(CONVERT));

    await culprit(['top', '--url', url]);
    await culprit([
      'top',
      '--url',
      url,
      '--sort=stall',
      '--limit',
      '3',
      '--user',
      'root',
      '--workload=a&b',
      '--group',
      'g',
    ]);

    assert.deepEqual(asked, ['/processes?limit=20', '/processes?sort=stall&limit=3&workload=a%26b&group=g&user=root']);
  });

  it('leaves out columns on a narrow terminal, and cuts names, but no number', async () => {
    const long = { ...CONVERT, argv: ['x'.repeat(90)], workload: { name: 'y'.repeat(90) } };
    const { url } = await answering(listOf(long));

    const { out } = await culprit(['top', '--url', url], { isTTY: true, env: { NO_COLOR: '1' } });

    const [, , heading = '', row = ''] = out.split('\n');
    assert.ok(heading.length <= 80 && row.length <= 80, row);
    assert.match(heading, /^ PID +S +CPU +MEMORY .*STALLS +WORKLOAD +COMMAND$/);
    assert.match(row, /^8121 +R +194 % +312 MiB .*312 ms\/s +yy+… +xx+…$/);
  });

  it('paints who makes others wait, and who hangs, on a terminal only', async () => {
    const { url } = await answering(listOf(CONVERT, POSTGRES, KTHREAD));

    const terminal = await culprit(['top', '--url', url], { isTTY: true });
    const file = await culprit(['top', '--url', url]);

    const [, , heading = '', ...rows] = terminal.out.split('\n');
    const codes = [heading, ...rows].filter(Boolean).map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]);
    assert.deepEqual(codes, ['1', '31', '33', undefined]);
    assert.ok(!file.out.includes('\x1b'));
  });

  it('hands a program the answer as it came', async () => {
    const { url } = await answering({ ...listOf(CONVERT), next: 'abc' });

    const { out } = await culprit(['top', '--json', '--url', url]);

    assert.deepEqual(JSON.parse(out), { ...listOf(CONVERT), next: 'abc' });
  });

  it('obeys no terminal codes that came with a name', async () => {
    const hostile = { ...CONVERT, argv: [], exe: 'a\x1b[2Jb', workload: { name: '\x1b]0;x\x07' }, user: '\x1b[1m' };
    const { url } = await answering({ ...listOf(hostile), degraded: ['\x1b[2J'] });

    assert.ok(!/[\x00-\x09\x0b-\x1f]/.test((await culprit(['top', '--url', url])).out));
  });

  it('tells nobody there from nobody seen', async () => {
    const nobody = { total: 5, matched: 0, processes: [], degraded: ['no Kubernetes namespace is known on this host'] };
    const { url } = await answering(nobody);

    assert.equal(
      (await culprit(['top', '--url', url, '--namespace', 'shop'])).out,
      '5 processes, none as asked for.\n\n! no Kubernetes namespace is known on this host\n',
    );
  });

  it('takes what the exporter refuses for a wrong command line', async () => {
    const { url } = await answering({ error: 'limit: expected a whole number from 1 to 500; got "x"' }, 400);

    assert.deepEqual(await culprit(['top', '--url', url, '--limit', 'x']), {
      code: 2,
      out: '',
      err: 'culprit top: limit: expected a whole number from 1 to 500; got "x"\nTry: culprit top --help\n',
    });
  });

  for (const [line, problem] of [
    ['top 12', 'unexpected argument "12"'],
    ['top --sort pid', '--sort: expected one of cpu, rss, forks, stall; got "pid"'],
    ['top --url nowhere', '--url: expected a URL such as http://127.0.0.1:9464; got "nowhere"'],
  ] as const) {
    it(`refuses ${line}`, async () => {
      assert.deepEqual(await culprit(line), {
        code: 2,
        out: '',
        err: `culprit top: ${problem}\nTry: culprit top --help\n`,
      });
    });
  }
});
