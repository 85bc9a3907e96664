import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { BUNDLE, Exporter } from '../support/exporter.ts';
import type { Sample } from '../support/samples.ts';
import { scratch } from '../support/scratch.ts';
import { containersUnavailable, IMAGE, Podman } from './engine.ts';

const skip = containersUnavailable();
const REPOSITORY = realpathSync(join(import.meta.dirname, '../..'));
/** As deploy/compose.yaml has it, but for SYS_RESOURCE, which we may not have to give; and our programs are the host's. */
const CAPABILITIES = ['bpf', 'perfmon', 'sys_ptrace', 'dac_read_search'];
const PROGRAMS = [
  ...['/usr', '/lib', '/lib64', REPOSITORY].map((path) => `${path}:${path}:ro`),
  `${scratch}:${scratch}`,
];
const HOST = '/:/host:ro,rslave';
const SYS = '/sys:/sys:ro,rslave';

function options(volumes: readonly string[], ...namespaces: readonly string[]): string[] {
  return [
    ...['--rm', '--name', 'culprit', '--network', 'host', '--ulimit', 'host', '--pids-limit', '-1', '--pull', 'never'],
    // The filter that Debian has for Podman lets nobody without CAP_SYS_ADMIN load probes.
    ...['--cap-drop', 'all', '--security-opt', 'no-new-privileges', '--security-opt', 'seccomp=unconfined'],
    ...CAPABILITIES.flatMap((name) => ['--cap-add', name]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...namespaces,
  ];
}

describe('a Culprit that runs in a container itself', { skip }, () => {
  let podman: Podman;
  let cgroup: Cgroup;

  before(async () => {
    cgroup = new Cgroup(`culprit-own-${process.pid}`);
    podman = await Podman.create();
    await podman.serve();
    await podman.start('early', 'sleep 1000');
    void cgroup.run(['sleep', '1000']);
  });
  after(async () => {
    cgroup?.kill();
    await podman?.close();
  });

  for (const [mode, namespace, ...sys] of [
    ['bpf', '--cgroupns=host', SYS],
    ['bpf', '--cgroupns=private', SYS],
    ['bpf', '--cgroupns=private'],
    ['procfs', '--cgroupns=private'],
  ] as const) {
    it(`calls workloads what they are called outside of it: ${[mode, namespace, ...sys].join(' ')}`, async () => {
      const exporter = await Exporter.start(
        `mode: ${mode}\nroots: { host: /host }\nworkloads: { dockerSockets: [${podman.socket}], criSockets: [] }`,
        {
          command: podman.command([
            'run',
            ...options([HOST, ...sys, ...PROGRAMS], '--pid=host', namespace),
            IMAGE,
            BUNDLE,
          ]),
          env: podman.env(),
        },
      );
      await podman.start('late', 'sleep 1000');
      const expected = [
        `${cgroup.path} cgroup`,
        `culprit container ${IMAGE}`,
        `early container ${IMAGE}`,
        `late container ${IMAGE}`,
      ];
      const told = (samples: Sample[]) => expected.filter((line) => linesOf(samples).has(line));

      const page = await exporter.settle((samples) => told(samples).length === expected.length);
      const { degraded } = await exporter.json('/status');
      await exporter.stop();
      await podman.do('rm', '--force', '--time', '0', 'late');

      assert.deepEqual(told(page), expected);
      assert.deepEqual(degraded, mode === 'bpf' ? [] : ['probes are switched off: mode is procfs']);
    });
  }

  it('is told by culprit doctor that it sees a part of the cgroups only, with namespaces of its own', async () => {
    const doctor = ['doctor', '--json', '--config', '/dev/null'];
    const told = await podman
      .do('run', ...options(PROGRAMS, '--cgroupns=private'), IMAGE, BUNDLE, ...doctor)
      .catch(({ stdout }) => stdout as string);
    const { checks } = JSON.parse(told) as { checks: { name: string; status: string; seen: string }[] };
    const { status, seen } = checks.find(({ name }) => name === 'cgroups')!;

    assert.deepEqual([status, seen], ['warn', 'only a part of the hierarchy is at /sys/fs/cgroup']);
  });
});

/** Each workload that has processes, with its kind and, where it is known, its image. */
function linesOf(samples: readonly Sample[]): Set<string> {
  const images = new Map<string, string>();
  for (const { name, labels } of samples)
    if (name === 'culprit_workload_info') images.set(labels.workload!, ` ${labels.container_image_name}`);

  const ofProcesses = samples.filter(({ name, value }) => name === 'culprit_processes' && value > 0);
  return new Set(
    ofProcesses.map(
      ({ labels: { workload, workload_kind } }) => `${workload} ${workload_kind}${images.get(workload!) ?? ''}`,
    ),
  );
}
