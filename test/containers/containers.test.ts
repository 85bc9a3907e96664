import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Exporter } from '../support/exporter.ts';
import { isGuest } from '../support/guest.ts';
import { type Sample, sum } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { serve } from '../workload/socket.ts';
import { containersUnavailable, IMAGE, Podman } from './engine.ts';
import { leaking } from './leak.ts';

const skip = containersUnavailable();
/** In the guest Podman takes some eight seconds for each: a hundred would take ten minutes. */
const BRIEF = isGuest ? 4 : 100;
const AT_ONCE = isGuest ? 2 : 5;
const MEMORY_BYTES = 64 << 20;
const LEAK = leaking(0.4);
const CROWD = 'i=0; while [ $i -lt 18 ]; do sleep 1000 & i=$((i+1)); done; wait';
const OPENER = `ulimit -n 64; exec tail -f -n 0 ${'/bin/busybox '.repeat(58)}`;

interface IncidentTold {
  readonly detector: string;
  readonly culprit: { readonly workload: { readonly name: string; readonly image?: string } | null };
}

describe('containers of a real engine', { skip }, () => {
  let podman: Podman;
  let exporter: Exporter;
  let hanging: Awaited<ReturnType<typeof serve>>;
  let garbage: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    podman = await Podman.create();
    await podman.serve();
    hanging = await serve(() => {});
    garbage = await serve((_, reply) => reply.end('<html>\n'));
    const sockets = [podman.socket, hanging.path, garbage.path, '/nowhere/docker.sock'];
    exporter = await Exporter.start(
      // What befell one is still open when its test comes.
      `detectors: { clearSeconds: 600 }\nworkloads: { dockerSockets: ${JSON.stringify(sockets)}, criSockets: [] }`,
    );
    // They take their time: the tests of others run meanwhile.
    await Promise.all([
      podman.startLimited('leaker', { memoryBytes: MEMORY_BYTES }, LEAK),
      podman.startLimited('throttled', { cpus: 0.1 }, 'while :; do :; done'),
      podman.startLimited('crowd', { pids: 20 }, CROWD),
      podman.start('opener', OPENER),
    ]);
  });
  after(async () => {
    // Servers that are left open would keep this process for ever.
    await hanging?.[Symbol.asyncDispose]();
    await garbage?.[Symbol.asyncDispose]();
    await exporter?.stop();
    await podman?.close();
  });

  /** Who is blamed by one of these detectors. */
  async function blamed(name: string, detectors: readonly string[]): Promise<string | undefined> {
    const { incidents } = (await exporter.json('/incidents')) as { incidents: IncidentTold[] };
    const found = incidents.find(
      ({ detector, culprit }) => detectors.includes(detector) && culprit.workload?.name === name,
    );
    return found?.culprit.workload?.image;
  }

  it('have the limits that they were given', async () => {
    const limits = (samples: Sample[]) => [
      sum(samples, 'culprit_workload_memory_limit_bytes', { workload: 'leaker' }),
      sum(samples, 'culprit_workload_cpu_quota', { workload: 'throttled' }),
      sum(samples, 'culprit_workload_pids_limit', { workload: 'crowd' }),
    ];
    const given = [MEMORY_BYTES, 0.1, 20];

    assert.deepEqual(limits(await exporter.settle((samples) => limits(samples).join() === given.join())), given);
  });

  it('are blamed by name and image: one that takes the CPU of another', async () => {
    await podman.start('victim', 'while :; do i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; usleep 3000; done');
    for (const hog of ['hog', 'hog-2', 'hog-3']) await podman.start(hog, 'while :; do :; done');

    await until(async () => (await blamed('hog', ['noisy-neighbour'])) === IMAGE, { what: 'an incident of hog' });
    const { victims } = (await exporter.json('/blame?victim=victim&resource=cpu')) as {
      victims: { parts: { offender: string; workload?: { image?: string } }[] }[];
    };
    const part = victims[0]?.parts.find(({ offender }) => offender === 'hog');
    await podman.do('kill', 'victim', 'hog', 'hog-2', 'hog-3');

    assert.equal(part?.workload?.image, IMAGE);
  });

  it('are blamed by name and image: a fork bomb', async () => {
    const grow = 'grow() { [ $1 -eq 0 ] && exec sleep 30; usleep 300000; grow $(($1-1)) & grow $(($1-1)) & wait; }';
    await podman.start('bomb', `${grow}; usleep 1000000; grow 7`);

    const detectors = ['fork-bomb', 'fork-burst', 'fork-storm', 'runaway-tree'];
    await until(async () => (await blamed('bomb', detectors)) === IMAGE, { what: 'an incident of bomb' });
    await podman.do('kill', 'bomb');
  });

  for (const [name, what, detectors] of [
    ['opener', 'descriptors that run out', ['fd-exhaustion']],
    ['crowd', 'as many tasks as it may have', ['pid-exhaustion']],
    ['throttled', 'more CPU wanted than it may have', ['cpu-throttled']],
    // Emulated, all that Culprit reads is dear, so it reads seldom: a leak would have to last for minutes to be seen before its end.
    ...(isGuest ? [] : [['leaker', 'memory that will run out', ['memory-leak', 'oom-risk']] as const]),
    ['leaker', 'memory that ran out', ['oom-kill']],
  ] as const) {
    it(`are blamed by name and image: ${what}`, async () => {
      await until(async () => (await blamed(name, detectors)) === IMAGE, { what: `an incident of ${name}` });
    });
  }

  it('have their names in the metrics of what befell them', async () => {
    const of = { workload: 'leaker', workload_kind: 'container' };
    const told = (samples: Sample[]) => [
      sum(samples, 'culprit_workload_oom_kills_total', of),
      sum(samples, 'culprit_process_exits_total', { ...of, group: 'busybox', reason: 'oom' }),
      sum(samples, 'culprit_incident_active', { ...of, group: 'busybox', detector: 'oom-kill' }),
      sum(samples, 'culprit_workload_info', { ...of, container_name: 'leaker', container_image_name: IMAGE }),
    ];

    assert.deepEqual(told(await exporter.settle((samples) => told(samples).join() === '1,1,1,1')), [1, 1, 1, 1]);
  });

  it('are named and counted exactly, though each lived 50 ms', async () => {
    const names = Array.from({ length: BRIEF }, (_, index) => `brief-${index}`);
    for (let from = 0; from < BRIEF; from += AT_ONCE) {
      await Promise.all(names.slice(from, from + AT_ONCE).map((name) => podman.once(name, 'usleep 50000; :')));
    }

    // A shell, and what it forks, which busybox does not exec: it is the same program, whatever it calls itself.
    const lives = (samples: Sample[], workload: string) =>
      ['forks', 'execs', 'exits'].map((what) =>
        sum(samples, `culprit_process_${what}_total`, { workload, group: 'busybox' }),
      );
    const isExact = (samples: Sample[], workload: string) => lives(samples, workload).join() === '1,1,2';
    const page = await exporter.settle((samples) => names.every((name) => isExact(samples, name)));
    assert.deepEqual(
      names.filter((name) => !isExact(page, name)).map((name) => [name, ...lives(page, name), ...exitsOf(page, name)]),
      [],
    );
    assert.equal(sum(page, 'culprit_workload_info', { container_image_name: IMAGE, container_name: 'brief-3' }), 1);
  });

  it('that start while their engine does not answer are named when it does', async () => {
    await podman.stopServing();
    await podman.start('meanwhile', 'sleep 100');
    await until(
      async () => sum(await exporter.scrape(), 'culprit_workload_source_success', { source: podman.socket }) === 0,
    );

    await podman.serve();

    await until(async () => sum(await exporter.scrape(), 'culprit_workload_info', { workload: 'meanwhile' }) === 1);
    await podman.do('kill', 'meanwhile');
  });

  it('are named by one engine whatever another does', async () => {
    const samples = await exporter.scrape();
    const success = (source: string) => sum(samples, 'culprit_workload_source_success', { source });

    assert.deepEqual([success(podman.socket), success(garbage.path)], [1, 0]);
    assert.equal((await fetch(`${exporter.url}/-/ready`)).status, 200);
  });
});

/** By group, for who wants to know where one was counted. */
function exitsOf(page: readonly Sample[], workload: string): string[] {
  return page
    .filter(({ name, labels }) => name === 'culprit_process_exits_total' && labels.workload === workload)
    .map(({ labels: { group, reason }, value }) => `${group} ${reason} ${value}`);
}
