import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { listening } from '../http/culprit.ts';
import { until } from '../support/until.ts';
import { STORM } from './incident-answers.ts';
import { newStream, open, watch } from './stream-watch.ts';

const TIME = new Date(2026, 8, 21, 13, 37, 1, 5).toISOString();
const OF = { time: TIME, workload: 'web.service', pid: 7, comm: 'api', exe: 'node' };

describe('culprit stream', () => {
  it('prints a line for each event, of any kind', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 7);
    await until(() => stream.isHeard);

    stream.publish('fork', 'web.service', { kind: 'fork', ...OF, parentPid: 1, parentComm: 'sh' });
    stream.publish('exec', 'web.service', { kind: 'exec', ...OF });
    stream.publish('exit', 'web.service', {
      kind: 'exit',
      ...OF,
      reason: 'error',
      exitCode: 3,
      lifetimeSeconds: 1.5,
      cpuSeconds: 0.25,
    });
    stream.publish('exit', 'web.service', {
      kind: 'exit',
      ...OF,
      comm: '',
      reason: 'signal',
      signal: 9,
      lifetimeSeconds: 0.0002,
      cpuSeconds: 0,
    });
    stream.publish('long-wait', 'web.service', {
      kind: 'long-wait',
      ...OF,
      seconds: 0.312,
      behind: [{ offender: 'batch.service', pid: 9, name: 'convert' }],
    });
    stream.publish('storm', 'web.service', { kind: 'storm', ...OF, scope: 'parent', forks: 64, seconds: 1 });
    stream.publish('oom', 'web.service', { kind: 'oom', ...OF, comm: 'a\x1b[31m', anonymousBytes: 3 << 20 });

    assert.equal((await outcome).code, 0);
    assert.equal(
      written.join(''),
      `13:37:01.005  fork       web.service               api[7] from sh[1]
13:37:01.005  exec       web.service               api[7] runs node
13:37:01.005  exit       web.service               api[7] failed with 3 after 1.50 s, 250 ms of CPU
13:37:01.005  exit       web.service               pid 7 was ended by signal 9 after <1 ms, 0 ms of CPU
13:37:01.005  long-wait  web.service               api[7] waited 312 ms for a CPU behind batch.service (convert[9])
13:37:01.005  storm      web.service               api[7] forked 64 times in 1 s
13:37:01.005  oom        web.service               a [31m[7] was killed for want of memory, with 3 MiB of its own
`,
    );
  });

  it('tells what becomes of an incident, painted on a terminal', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 1, '--kinds', 'incident');
    await until(() => stream.isHeard);

    const of = { kind: 'incident', time: TIME, workload: 'batch.service' };
    stream.publish('incident', 'batch.service', { ...of, change: 'opened', incident: STORM });

    await outcome;
    assert.deepEqual(written, [
      '13:37:01.005  incident   batch.service             opened critical fork-storm c0ffee01: perl[8121] of batch.service: 600 forks/s at its worst, 12 times the limit of 50 forks/s.\n',
    ]);
  });

  it('gives a program an object a line, and only what it asked for', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 1, '--json', '--kinds', 'exec,oom', '--workload', 'db.service');
    await until(() => stream.isHeard);

    for (const workload of ['web.service', 'db.service'])
      for (const kind of ['fork', 'exec'] as const) stream.publish(kind, workload, { kind, workload });

    await outcome;
    assert.deepEqual(written, ['{"kind":"exec","workload":"db.service"}\n']);
  });

  it('says a loss in a sentence', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const data of ['{"reason":"slow","events":12}', '{"reason":"expired","events":null}'])
        response.write(`event: lost\ndata: ${data}\n\n`);
    });
    const { written, outcome } = watch(await open(server), 2);

    await outcome;

    assert.deepEqual(written, [
      '! 12 events of all kinds are missing here: they came faster than they were read.\n',
      '! Events are missing here: they are not kept any more.\n',
    ]);
  });
});
