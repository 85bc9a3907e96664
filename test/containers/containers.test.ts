import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Exporter } from '../support/exporter.ts';
import { type Sample, sum } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { serve } from '../workload/socket.ts';
import { containersUnavailable, IMAGE, Podman } from './engine.ts';

const skip = containersUnavailable();
const BRIEF = 100;
const AT_ONCE = 5;
const MEMORY_BYTES = 64 << 20;
const STEP_BYTES = 1 << 19;
/**
 * Keeps so much more in its variables, three times a second, for as long as it may. It waits by itself: a child that slept
 * for it would hold as much, and could be killed in its place.
 */
const LEAK = [
  'mkfifo /never && exec 3<>/never',
  `c=x; while [ \${#c} -lt ${STEP_BYTES} ]; do c=$c$c; done`,
  'i=0; while :; do eval v$i=\\$c; i=$((i+1)); read -t 0.3 _ <&3; done',
].join('\n');

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
    exporter = await Exporter.start(`workloads: { dockerSockets: ${JSON.stringify(sockets)}, criSockets: [] }`);
  });
  after(async () => {
    await exporter?.stop();
    await podman?.close();
    await hanging?.[Symbol.asyncDispose]();
    await garbage?.[Symbol.asyncDispose]();
  });

  /** Who is blamed by one of these detectors. */
  async function blamed(name: string, detectors: readonly string[]): Promise<string | undefined> {
    const { incidents } = (await exporter.json('/incidents')) as { incidents: IncidentTold[] };
    const found = incidents.find(
      ({ detector, culprit }) => detectors.includes(detector) && culprit.workload?.name === name,
    );
    return found?.culprit.workload?.image;
  }

  it('are named and counted exactly, though each lived 50 ms', async () => {
    const names = Array.from({ length: BRIEF }, (_, index) => `brief-${index}`);
    for (let from = 0; from < BRIEF; from += AT_ONCE) {
      await Promise.all(names.slice(from, from + AT_ONCE).map((name) => podman.once(name, 'usleep 50000; :')));
    }

    // A shell, and what it forks, which busybox does not exec: it is the same program.
    const lives = (samples: Sample[], workload: string) =>
      ['forks', 'execs', 'exits'].map((what) =>
        sum(samples, `culprit_process_${what}_total`, { workload, group: 'busybox' }),
      );
    const isExact = (samples: Sample[], workload: string) => lives(samples, workload).join() === '1,1,2';
    const page = await exporter.settle((samples) => names.every((name) => isExact(samples, name)));
    assert.deepEqual(
      names.filter((name) => !isExact(page, name)).map((name) => [name, ...lives(page, name)]),
      [],
    );
    assert.equal(sum(page, 'culprit_workload_info', { container_image_name: IMAGE, container_name: 'brief-7' }), 1);
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

  it('are blamed by name and image: descriptors that run out', async () => {
    const files = Array.from({ length: 58 }, () => '/bin/busybox').join(' ');
    await podman.start('opener', `ulimit -n 64; exec tail -f -n 0 ${files}`);

    await until(async () => (await blamed('opener', ['fd-exhaustion'])) === IMAGE, { what: 'an incident of opener' });
    await podman.do('kill', 'opener');
  });

  it('are blamed by name and image: one that leaks, before it is killed for want of memory and after', async () => {
    await podman.startLimited('leaker', { memoryBytes: MEMORY_BYTES }, LEAK);
    await until(async () => (await blamed('leaker', ['memory-leak', 'oom-risk'])) === IMAGE, {
      what: 'a warning of leaker',
    });
    const before = await exporter.scrape();
    await until(async () => (await blamed('leaker', ['oom-kill'])) === IMAGE, { what: 'the end of leaker' });

    const of = { workload: 'leaker', workload_kind: 'container' };
    const page = await exporter.settle((samples) => sum(samples, 'culprit_workload_oom_kills_total', of) > 0);
    assert.deepEqual(
      [
        sum(before, 'culprit_workload_memory_limit_bytes', of),
        sum(page, 'culprit_workload_oom_kills_total', of),
        sum(page, 'culprit_process_exits_total', { ...of, group: 'busybox', reason: 'oom' }),
        sum(page, 'culprit_incident_active', { ...of, group: 'busybox', detector: 'oom-kill' }),
        sum(page, 'culprit_workload_info', { ...of, container_name: 'leaker', container_image_name: IMAGE }),
      ],
      [MEMORY_BYTES, 1, 1, 1, 1],
    );
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
