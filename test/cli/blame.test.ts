import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { freePort } from '../support/port.ts';
import { answering, answerOf, CRON, PAYMENTS, part, RESIZER } from './blame-answers.ts';
import { culprit } from './culprit.ts';

const TABLE = `VICTIM            WAITED  CAUSE      BEHIND                                 TIME  SHARE           EXCESS
payments.service  312 ms  neighbour  resizer.service (convert, pid 8121)  293 ms   94 % ███████▌    52 %
                          self       own threads (api, pid 77)             16 ms    5 % ▍
                          kernel     kernel kworker                         2 ms    1 %
                                     1 more                                 1 ms   <1 %
                                     not seen                               0 ms    0 %

payments.service waited 312 ms for a CPU in 30 s: 94 % behind resizer.service
(convert, pid 8121), 5 % own threads, 1 % kernel. resizer.service used 2.1 times
its fair share of the CPU.

1 more waited 4 ms together; --json shows all.
`;

describe('culprit blame', () => {
  it('says who waited, behind whom, and in a sentence what that means', async () => {
    const { url } = await answering(answerOf(PAYMENTS, CRON));

    assert.deepEqual(await culprit(['blame', '--url', url]), { code: 0, out: TABLE, err: '' });
  });

  it('asks for what its flags say, and for nothing else', async () => {
    const { url, asked } = await answering(answerOf());

    await culprit(['blame', `--url=${url}/`]);
    await culprit(['blame', '--url', url, '--window', '10s', '--victim=a&b', '--resource', 'cpu', '--by', 'pod']);

    assert.deepEqual(asked, ['/blame?', '/blame?window=10s&victim=a%26b&resource=cpu&by=pod']);
  });

  it('hands a program the answer as it came', async () => {
    const answer = answerOf(PAYMENTS, CRON);
    const { url } = await answering(answer);

    const { out } = await culprit(['blame', '--json', '--url', url]);

    assert.deepEqual(JSON.parse(out), answer);
  });

  it('shows who was asked for by name, however little it waited', async () => {
    const { url } = await answering(answerOf(CRON));

    const { out } = await culprit(['blame', '--url', url, '--victim', 'cron.service']);

    assert.match(
      out.replaceAll('\n', ' '),
      / cron\.service waited 4 ms for a CPU in 30 s: 100 % behind resizer\.service\. Too little to matter\. $/,
    );
  });

  it('names the quota, and accuses nobody of it', async () => {
    const throttled = [
      part('payments.service', 0.6, { cause: 'throttle' }),
      part('batch.slice', 0.4, { cause: 'throttle' }),
    ];
    const { url } = await answering(answerOf({ ...PAYMENTS, verdict: 'throttle', parts: throttled }));

    const { out } = await culprit(['blame', '--url', url]);

    assert.match(out.replaceAll('\n', ' '), /30 s: 60 % own CPU quota, 40 % CPU quota of batch\.slice\. /);
  });

  it('tells what was not seen, and where it sees less', async () => {
    const blind = {
      ...PAYMENTS,
      verdict: 'unknown',
      parts: [part('a', 0.4)],
      remainder: { seconds: 0.1872, share: 0.6 },
    };
    const { url } = await answering({ ...answerOf(blind), coverage: 0.4, degraded: ['a probe is missing'] });

    const { out } = await culprit(['blame', '--url', url]);

    for (const told of [
      '40 % behind a, 60 % not seen. Nothing seen',
      '! 40.0 % of context switches were seen.',
      '! a probe is missing',
    ])
      assert.ok(out.replaceAll(/\s+/g, ' ').includes(told), told);
  });

  it('cuts names to the width of a terminal, numbers never', async () => {
    const long = { ...PAYMENTS, parts: [{ ...RESIZER, offender: 'x'.repeat(80) }] };
    const { url } = await answering(answerOf(long));

    const { out } = await culprit(['blame', '--url', url], { isTTY: true, env: { NO_COLOR: '1' } });

    const [heading = '', row = ''] = out.split('\n');
    assert.ok(heading.length <= 80 && row.length <= 80 && /xxx… +293 ms +94 % █+▌ +52 %$/.test(row), row);
  });

  it('obeys no terminal codes that came with a name', async () => {
    const { url } = await answering(answerOf({ ...PAYMENTS, victim: { name: 'a\x1b[2Jb' } }));

    const { out } = await culprit(['blame', '--url', url]);

    assert.ok(!out.includes('\x1b'));
  });
});

describe('culprit blame where nothing is to be said', () => {
  it('is quiet about who waited too little to matter', async () => {
    const { url } = await answering(answerOf(CRON, CRON));

    assert.equal(
      (await culprit(['blame', '--url', url])).out,
      'Nobody waited long: 2 workloads, 8 ms together in 30 s; --json shows all.\n',
    );
  });

  it('tells silence from blindness', async () => {
    const quiet = await answering(answerOf());
    const blind = await answering({ ...answerOf(), coverage: null, degraded: ['mode is procfs'] });

    assert.equal((await culprit(['blame', '--url', quiet.url])).out, 'Nobody waited in 30 s.\n');
    assert.equal((await culprit(['blame', '--url', blind.url])).out, 'Nothing was measured.\n\n! mode is procfs\n');
  });
});

describe('culprit blame without an answer', () => {
  it('says what to start and which flag to give when nobody answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;

    assert.deepEqual(await culprit(['blame', '--url', url]), {
      code: 1,
      out: '',
      err: `culprit blame: nobody answers at ${url}: ECONNREFUSED; start one with culprit run, or say with --url where it is\n`,
    });
  });

  it('takes a refused parameter for a wrong command line', async () => {
    const { url } = await answering({ error: 'window: expected 2s to 60s; got "99s"' }, 400);

    assert.deepEqual(await culprit(['blame', '--url', url, '--window', '99s']), {
      code: 2,
      out: '',
      err: 'culprit blame: window: expected 2s to 60s; got "99s"\nTry: culprit blame --help\n',
    });
  });

  it('tells the reason of an exporter that may not answer, and of a stranger', async () => {
    const fenced = await answering({ error: 'listening on 0.0.0.0' }, 403);
    const stranger = await answering({ status: 'up' });

    assert.equal(
      (await culprit(['blame', '--url', fenced.url])).err,
      `culprit blame: ${fenced.url} answered 403: listening on 0.0.0.0\n`,
    );
    assert.equal(
      (await culprit(['blame', '--url', stranger.url])).err,
      `culprit blame: ${stranger.url} answered 200: it is no Culprit, or one of another version\n`,
    );
  });

  for (const [line, problem] of [
    ['blame --victm a', 'unknown flag --victm; did you mean --victim?'],
    ['blame --victim', '--victim: expected NAME; got nothing'],
    ['blame --watch=5', '--watch takes no value; got "5"'],
    ['blame --resource disk', '--resource: expected one of cpu, memory, io; got "disk"'],
    ['blame now', 'unexpected argument "now"'],
    ['blame --url localhost:9464', '--url: expected a URL such as http://127.0.0.1:9464; got "localhost:9464"'],
  ] as const) {
    it(`refuses ${line}`, async () => {
      assert.deepEqual(await culprit(line), {
        code: 2,
        out: '',
        err: `culprit blame: ${problem}\nTry: culprit blame --help\n`,
      });
    });
  }
});
