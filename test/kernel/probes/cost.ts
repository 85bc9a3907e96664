/**
 * What a run of each probe costs, in nanoseconds: `node test/kernel/probes/cost.ts [sleeping processes]`, as root.
 *
 * The kernel's own measure (BPF program statistics, which add some 50 ns to each run). The least of many rounds: what other
 * guests of this machine do makes it only longer.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { RunStatistics } from '../../../src/libbpf-ts/index.ts';
import { Probes, samples } from './probes.ts';

const ROUNDS = 30;
const FORKS =
  'for (1..150) { my $p = fork; if (!$p) { exec "/bin/true" } waitpid $p, 0 } select undef, undef, undef, 0.06';
const SLEEPERS = `$SIG{TERM} = sub { kill 9, @p; exit }; $| = 1;
  for (1..$ARGV[0]) { my $p = fork; if (!$p) { sleep 1000; exit } push @p, $p } print "there"; sleep 1000`;

const count = Number(process.argv[2] ?? 3_000);
using _counted = new RunStatistics();
using probes = new Probes();
const leastNs = new Map<string, number>();

const sleepers = spawn('perl', ['-e', SLEEPERS, `${count}`], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(sleepers.stdout, 'data');
probes.drain();
try {
  for (let round = 0; round < ROUNDS; round += 1) measure(() => spawnSync('perl', ['-e', FORKS]));
  for (let round = 0; round < ROUNDS; round += 1) measure(() => samples(probes.object, 'snapshot'));
} finally {
  sleepers.kill('SIGTERM');
  await once(sleepers, 'exit');
}

for (const [name, ns] of leastNs) console.log(name.padEnd(18), Math.round(ns));

function measure(work: () => void): void {
  const programs = probes.object.programs.filter((program) => program.loaded);
  const before = programs.map((program) => program.statistics());

  work();
  probes.drain();
  probes.events.length = 0;
  for (const [index, program] of programs.entries()) {
    const { runs, runTimeNs } = program.statistics();
    const ran = runs - before[index]!.runs;

    if (ran < 100) continue;
    leastNs.set(
      program.name,
      Math.min(leastNs.get(program.name) ?? Infinity, (runTimeNs - before[index]!.runTimeNs) / ran),
    );
  }
}
