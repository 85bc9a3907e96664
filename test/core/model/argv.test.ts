import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { redactArgv } from '../../../src/core/model/argv.ts';

/** As the kernel has it: NUL between arguments, cut at 256 bytes. */
function redact(...argv: readonly string[]): string {
  return redactArgv(Buffer.from(`${argv.join('\0')}\0`).subarray(0, 256)).join(' ');
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyb290In0.c2lnbmF0dXJl';

describe('a command line that leaves', () => {
  for (const [argv, shown] of [
    [
      ['/usr/bin/convert', '-resize', '50%', 'in.png', 'out.png'],
      'convert -r<redacted:5> <redacted:3> <redacted:6> <redacted:7>',
    ],
    [['make', '-j8', 'all'], 'make -j8 <redacted:3>'],
    [['make', '-j', '8', '--jobs', '16', '--jobs=32'], 'make -j 8 --jobs 16 --jobs=32'],
    [['python3.11', '-m', 'http.server', '8000'], 'python3.11 -m http.server <redacted:4>'],
    [['java', '-Xmx512m', '-XX:+UseG1GC', '-jar', '/opt/app.jar'], 'java -Xmx512m -XX:+UseG1GC -jar <redacted:12>'],
    [
      ['celery', 'worker', '--queues', 'images', '--concurrency=4'],
      'celery <redacted:6> --queues images --concurrency=4',
    ],
    [['-bash'], '-bash'],
    [['sshd: root@pts/0'], 'sshd: <redacted:10>'],
    [['/opt/chrome --type=renderer --token=abc'], 'chrome <redacted:27>'],
    [['ls', '-a', '--color', ''], 'ls -a --color <redacted:0>'],
  ] as const) {
    it(`keeps what says what it is: ${argv.join(' ')}`, () => {
      assert.equal(redact(...argv), shown);
    });
  }

  it('is empty where nobody told', () => {
    assert.deepEqual(redactArgv(new Uint8Array(0)), []);
  });
});

describe('a secret in a command line', () => {
  for (const [argv, secret] of [
    [['mysql', '-uroot', '-phunter2', '--host=db'], 'hunter2'],
    [['mysqldump', '--password=hunter2', 'app'], 'hunter2'],
    [['mysqldump', '--password', 'hunter2', 'app'], 'hunter2'],
    [['vault', '--token', '--hunter2'], 'hunter2'],
    [['sshpass', '-p', 'hunter2', 'ssh', 'root@10.0.0.7'], 'hunter2'],
    [['curl', '-u', 'admin:hunter2', 'https://api.example'], 'hunter2'],
    [['curl', '-H', 'Authorization: Bearer hunter2'], 'hunter2'],
    [['git', 'clone', 'https://bot:hunter2@git.example/repo'], 'hunter2'],
    [['psql', 'postgres://app:hunter2@db/app?sslmode=off'], 'hunter2'],
    [['redis-cli', '-a', 'hunter2'], 'hunter2'],
    [['java', '-Ddb.password=hunter2', '-jar', 'app.jar'], 'hunter2'],
    [['env', 'AWS_SECRET_ACCESS_KEY=hunter2', 'aws', 's3', 'ls'], 'hunter2'],
    [['sh', '-c', 'export TOKEN=hunter2; run'], 'hunter2'],
    [['sh', '-chunter2'], 'hunter2'],
    [['app', '--spring.datasource.password=hunter2'], 'hunter2'],
    [['app', '--', '--hunter2'], 'hunter2'],
    [['hunter2=x password'], 'hunter2'],
    [['postgres://app:hunter2@db'], 'hunter2'],
    [['app', '--log-level', 'https://u:hunter2@x'], 'hunter2'],
    [['app', '--log-level=hunter2 and more words'], 'hunter2'],
    [['app', `--${JWT}`], 'eyJ'],
    [['app', '--mode', JWT], 'eyJ'],
    [['app', `--type=${JWT}`], 'eyJ'],
    [['app', '--queue', 'AKIAIOSFODNN7EXAMPLE'], 'AKIA'],
    [['app', '--queue=ghp_16C7e42F292c6912E7710c83'], 'ghp_'],
    [['app', '--queue=glpat-x7Kd9sLqPz'], 'glpat'],
    [['app', '--pool', '9f86d081884c7d659a2feaa0c55ad015'], '9f86'],
    [['app', '--9f86d081884c7d659a2feaa0c55ad015'], '9f86'],
    [['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b'], '9f86'],
    [['openssl', '-----BEGIN PRIVATE KEY-----\nhunter2'], 'hunter2'],
    [['app', '--password', '--mode', 'hunter2'].toSpliced(2, 1), 'hunter2'],
  ] as const) {
    it(`stays here: ${argv.join(' ')}`, () => {
      const shown = redact(...argv);

      assert.ok(!shown.includes(secret), shown);
    });
  }

  it('stays here when the line is cut within it', () => {
    for (let cut = 1; cut <= 60; cut++) {
      const line = Buffer.from(['app', '--mode', 'fast', '--api-key', 'hunter2hunter2', `--x=${JWT}`].join('\0'));

      const shown = redactArgv(line.subarray(0, cut)).join(' ');

      assert.ok(!/hun|eyJ/.test(shown), shown);
    }
  });
});

describe('a hostile command line', () => {
  const anything = [
    '\x1b[2J',
    '\u202e',
    '"',
    '\r\n',
    '😀',
    '<script>',
    'x'.repeat(300),
    '--\x1b[2Jx',
    '-\x1b',
    '=',
    '--=x',
  ];

  it('comes out as plain words, whatever goes in', () => {
    for (const word of anything) {
      for (const argv of [[word], ['app', word], ['app', '--mode', word], ['app', `--mode=${word}`]]) {
        assert.match(redact(...argv), /^[\w .,:+%@=<>-]*$/);
      }
    }
  });

  it('may be no UTF-8 at all, and hold nothing but NUL', () => {
    assert.deepEqual(redactArgv(Uint8Array.of(0xff, 0xfe, 0, 0xc3)), ['<redacted:2>', '<redacted:1>']);
    assert.deepEqual(redactArgv(new Uint8Array(256)).length, 256);
  });

  it('is read in no time, though made to be slow', () => {
    const started = performance.now();

    for (const word of ['pass', '://', 'eyJ', '-----BEGIN ', 'a.', '=']) redact('app', word.repeat(256));
    assert.ok(performance.now() - started < 200);
  });
});
