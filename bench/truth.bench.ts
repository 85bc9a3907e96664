/**
 * Does Culprit count right? Processes of a known number, cost and end start in three cgroups; most are gone before any
 * scrape. Beside it, what two exporters that read /proc saw of the same run.
 */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cgroup } from '../test/support/cgroup.ts';
import { Exporter } from '../test/support/exporter.ts';
import { type Sample, sum } from '../test/support/samples.ts';
import { scratch } from '../test/support/scratch.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';
import { loadPath, run, type Truth } from './harness/load.ts';
import { nodeExporter, type Peer, processExporter } from './harness/peers.ts';

const PROCESSES = isSmoke ? 460 : 2_300;
const OVER_MS = isSmoke ? 6_000 : 30_000;
const BURN_MS = 2;
const LIVES_MS = [0, 0, 10, 10, 100, 100, 1_000, 1_000, 5_000, 5_000];
const ENDS = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'error', 'error', 'signal'];
const PEER_SCRAPE_MS = 5_000;

const figures = new Figures('truth: exact counts of short-lived processes');
const cgroups = ['a', 'b', 'c'].map((letter) => new Cgroup(`culprit-truth-${letter}`));
const peers = [await processExporter(), await nodeExporter()];
const exporter = await Exporter.start('limits: {groups: 4000, series: 200000}');
const folder = join(scratch, 'processes');
mkdirSync(folder);
const names = Array.from({ length: PROCESSES }, (_, index) => `culprit${letters(index)}`);
for (const name of names) linkSync(loadPath, join(folder, name));

const nodeForksBefore = sum(await peers[1]!.scrape(), 'node_forks_total');
const seen = new Set<string>();
const watching = watchNames(peers[0]!, seen);
progress(`${PROCESSES} processes over ${OVER_MS / 1000} s`);
const truths = await Promise.all(cgroups.map((cgroup, index) => run('launch', cgroup.procs, spec(index))));
clearInterval(watching);

const samples = await exporter.settle((page) =>
  cgroups.every((cgroup, index) => exits(page, cgroup) === truths[index]!.started + 1),
);
for (const [index, cgroup] of cgroups.entries()) judge(cgroup, truths[index]!);
const inOwnGroup = names.filter((name) => sum(samples, 'culprit_process_exits_total', { group: name }) === 1);
figures.add('processes found in a group of their own name', inOwnGroup.length, '', { exactly: PROCESSES });

const counted = cpu(await exporter.settle((page) => Math.abs(cpu(page) / kernelCpu() - 1) < 0.002, 10_000));
figures.add('CPU counted, of what the kernel counted', counted / kernelCpu(), 'ratio', { atLeast: 0.98 });
figures.add('CPU counted, of what the kernel counted (upper)', counted / kernelCpu(), 'ratio', { atMost: 1.02 });

figures.add('process-exporter: processes ever seen', names.filter((name) => seen.has(name.slice(0, 15))).length, '');
const peerCpu = (await peers[0]!.scrape())
  .filter(
    ({ name, labels }) =>
      name === 'namedprocess_namegroup_cpu_seconds_total' && labels.groupname!.startsWith('culprit'),
  )
  .reduce((total, { value }) => total + value, 0);
figures.add('process-exporter: CPU counted', peerCpu / kernelCpu(), 'ratio');
figures.add('node_exporter: forks counted', sum(await peers[1]!.scrape(), 'node_forks_total') - nodeForksBefore, '');
figures.note('node_exporter has one number for the host, threads and everything else on it included.');

for (const peer of peers) peer.stop();
await exporter.stop();
figures.finish();
process.exit();

function judge(cgroup: Cgroup, truth: Truth): void {
  const inside = { workload: cgroup.path };
  const ends = (reason: string) => sum(samples, 'culprit_process_exits_total', { ...inside, reason });
  figures.add(`${cgroup.path} forks`, sum(samples, 'culprit_process_forks_total', inside), '', {
    exactly: truth.started,
  });
  figures.add(`${cgroup.path} execs`, sum(samples, 'culprit_process_execs_total', inside), '', {
    exactly: truth.started,
  });
  // The launcher itself ends there too, well.
  figures.add(`${cgroup.path} exits ok`, ends('ok'), '', { exactly: truth.ok + 1 });
  figures.add(`${cgroup.path} exits error`, ends('error'), '', { exactly: truth.error });
  figures.add(`${cgroup.path} exits signal`, ends('signal'), '', { exactly: truth.signal });
}

function exits(page: Sample[], cgroup: Cgroup): number {
  return sum(page, 'culprit_process_exits_total', { workload: cgroup.path });
}

function cpu(page: Sample[]): number {
  return cgroups.reduce(
    (total, cgroup) => total + sum(page, 'culprit_process_cpu_time_seconds_total', { workload: cgroup.path }),
    0,
  );
}

function kernelCpu(): number {
  return truths.reduce((total, truth) => total + truth.childCpuUs + truth.ownCpuUs, 0) / 1e6;
}

function watchNames(peer: Peer, into: Set<string>): NodeJS.Timeout {
  return setInterval(async () => {
    for (const { name, labels } of await peer.scrape()) {
      if (name === 'namedprocess_namegroup_num_procs') into.add(labels.groupname!);
    }
  }, PEER_SCRAPE_MS);
}

/** Every third process, from `first` on, evenly over the run. */
function spec(first: number): string {
  const lines = names
    .map((name, index) => {
      const startMs = Math.floor((index / PROCESSES) * OVER_MS);
      const liveMs = LIVES_MS[Math.floor(index / 3) % LIVES_MS.length];
      return `${startMs} ${join(folder, name)} ${BURN_MS} ${liveMs} ${ENDS[Math.floor(index / 30) % ENDS.length]}\n`;
    })
    .filter((_, index) => index % 3 === first);
  const file = join(scratch, `spec-${first}`);
  writeFileSync(file, lines.join(''));
  return file;
}

/** Letters only: digits would be collapsed into one group, as they should. */
function letters(index: number): string {
  return [676, 26, 1].map((place) => String.fromCharCode(97 + (Math.floor(index / place) % 26))).join('');
}
