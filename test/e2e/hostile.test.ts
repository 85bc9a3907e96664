import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter } from '../support/exporter.ts';
import { samplesOf } from '../support/page.ts';
import { Prometheus } from '../support/prometheus.ts';
import { promtoolFindings } from '../support/promtool.ts';
import { requirement } from '../support/require.ts';
import { matches, parseSamples, type Sample } from '../support/samples.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { startWitness, type Witness } from '../support/witness.ts';

/** Names of programs, and so of processes, as bytes. */
const COMMS: Readonly<Record<string, Buffer>> = {
  'no UTF-8': Buffer.from([0x63, 0xff, 0xfe, 0xc3, 0x28]),
  'UTF-8 cut at 15 bytes': Buffer.from('aaaaaaaaaaaaaa\u00e9\u00e9\u00e9'),
  quotes: Buffer.from(`"',{}="`),
  newlines: Buffer.from('a\nculprit_evil_total 1\n# TYPE x'),
  backslashes: Buffer.from('\\\\n\\"\\'),
  'escape sequences': Buffer.from('\u001b[31m\u0007\r\t\u007f'),
  'text that turns around': Buffer.from('\u202egnp.exe'),
  'of the longest': Buffer.from('x'.repeat(255)),
  blank: Buffer.from(' '),
  'like ours': Buffer.from('~other'),
  'like a label': Buffer.from('a",workload="b'),
  'an exemplar': Buffer.from('} 1 # {a="b"} 2'),
};

const LONG = 'd'.repeat(255);
/** Paths of cgroups, below one of our own. Linux itself refuses a newline there. */
const CGROUPS: Readonly<Record<string, Buffer>> = {
  'no UTF-8': Buffer.from([0x63, 0xff, 0xfe]),
  'other bytes that read alike': Buffer.from([0x63, 0xfe, 0xff]),
  quotes: Buffer.from(`a"b',{}="`),
  'what a quote would look like escaped': Buffer.from('a\\"b'),
  'control characters': Buffer.from('a\u001b[31m\rb\tc'),
  'what control characters are shown as': Buffer.from('a?[31m?b?c'),
  'of the longest': Buffer.from('x'.repeat(255)),
  'of the longest, with another end': Buffer.from(`${'x'.repeat(254)}y`),
  'almost 4 KiB deep': Buffer.from(Array(14).fill(LONG).join('/')),
  'like a unit': Buffer.from('evil"\\.service'),
  'like ours': Buffer.from('~other'),
};

/** Every byte that an argument may hold, for 4 KiB. */
const GARBAGE = Buffer.from(Array.from({ length: 4095 }, (_, index) => (index % 255) + 1));
/** What xargs, nice and the program at the end do in a cgroup. */
const TRUTH = { forks: 1, execs: 3, exits: 2 };
const COUNTERS = { forks: 'forks_total', execs: 'execs_total', exits: 'exits_total' } as const;

const { path: top } = new Cgroup(`culprit-hostile-${process.pid}`);

/** A copy of /bin/true under a hostile name. */
function program(name: Buffer, index: number): Buffer {
  const folder = join(scratch, `hostile-${index}`);
  const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
  mkdirSync(folder);
  copyFileSync('/bin/true', path);
  return path;
}

/** Runs it with garbage for arguments, passing no text that is not bytes. */
async function runIn(cgroup: Cgroup, path: Buffer): Promise<void> {
  const words = Buffer.concat([path, Buffer.of(0), GARBAGE, Buffer.of(0)]);

  assert.equal(await cgroup.run(['xargs', '-0', 'nice', '-n0'], words), 0);
}

/** Twenty times 255 bytes down, and there a child that execs and ends. */
const DESCEND = `i=0; while [ $i -lt 20 ]; do mkdir ${LONG}; cd -P ${LONG}; i=$((i+1)); done; echo 0 > cgroup.procs; /bin/true; true`;

type Counts = Record<keyof typeof COUNTERS, number>;

/** Sums over all that is told of processes below our cgroup. */
function countsBelow(samples: readonly Sample[], isMine: (workload: string) => boolean): Counts {
  const count = (name: string) =>
    samples
      .filter((sample) => sample.name === `culprit_process_${name}` && isMine(sample.labels.workload ?? ''))
      .reduce((total, { value }) => total + value, 0);
  return { forks: count(COUNTERS.forks), execs: count(COUNTERS.execs), exits: count(COUNTERS.exits) };
}

const times = (factor: number): Counts => ({
  forks: TRUTH.forks * factor,
  execs: TRUTH.execs * factor,
  exits: TRUTH.exits * factor,
});

describe('hostile names', { skip: requirement('bpf', 'prometheus', 'promtool', 'xargs') }, () => {
  let exporter: Exporter;
  let witness: Witness;
  let prometheus: Prometheus;

  before(async () => {
    exporter = await Exporter.start();
    witness = await startWitness(exporter.url);
    prometheus = await Prometheus.start({ culprit: witness.address });
  });
  after(async () => {
    await prometheus?.stop();
    witness?.close();
    await exporter?.stop();
  });

  it('of programs, with 4 KiB of garbage for arguments, are counted exactly and each once', async (t) => {
    const cgroup = new Cgroup(`${top.slice(1)}/programs`);
    t.after(() => cgroup.remove());
    const names = Object.values(COMMS);
    const truth = times(names.length);

    for (const [index, name] of names.entries()) await runIn(cgroup, program(name, index));
    const isMine = (workload: string) => workload === cgroup.path;
    const samples = await exporter.settle((page) => countsBelow(page, isMine).exits === truth.exits);

    assert.deepEqual(countsBelow(samples, isMine), truth);
    const groups = samples.filter(
      ({ name, labels }) => name === 'culprit_process_execs_total' && isMine(labels.workload!),
    );
    // Beside those of our own making: xargs, nice, and the shell that led there.
    assert.ok(groups.length >= names.length, `${names.length} programs in ${groups.length} groups`);
    assert.equal(
      samples.some(({ name }) => name.includes('evil')),
      false,
    );
  });

  it('of cgroups are counted exactly; those that read alike share a series, and their sum is right', async (t) => {
    const names = Object.values(CGROUPS);
    const cgroups = names.flatMap((name) => nested(name));
    t.after(() => {
      for (const cgroup of cgroups.toReversed()) cgroup.remove();
    });
    const before = await exporter.scrape();
    const known = new Set(before.map(({ labels }) => labels.workload));

    for (const name of names) {
      const cgroup = cgroups.find(({ folder }) => folder.subarray(-name.length).equals(name));
      await runIn(cgroup!, Buffer.from('/bin/true'));
    }
    const isMine = (workload: string) => workload.startsWith(top) || workload === 'evil"\\.service';
    const truth = times(names.length);
    const isNew = (workload: string) => isMine(workload) && !known.has(workload);
    const samples = await exporter.settle((page) => countsBelow(page, isNew).exits >= truth.exits);

    assert.deepEqual(countsBelow(samples, isNew), truth);
    const quoted = samples.filter((sample) => matches(sample, { workload: `${top}/a"b',{}="` }));
    assert.equal(countsBelow(quoted, () => true).exits, TRUTH.exits);
  });

  it('of cgroups deeper than any path can say hide nothing: what is in there counts under an id', async (t) => {
    const root = new Cgroup(`${top.slice(1)}/deep`);
    t.after(() =>
      assert.equal(spawnSync('find', [root.folder.toString(), '-depth', '-type', 'd', '-delete']).status, 0),
    );
    const isMine = (workload: string) => /^cgroup:\d+$/.test(workload) && !known.has(workload);
    const known = new Set((await exporter.scrape()).map(({ labels }) => labels.workload ?? ''));

    spawnSync('sh', ['-c', DESCEND], { cwd: root.folder.toString(), stdio: 'inherit' });
    const samples = await exporter.settle((page) => countsBelow(page, isMine).exits >= 2);

    assert.deepEqual(countsBelow(samples, isMine), { forks: 1, execs: 1, exits: 2 });
  });

  it('break no page, in either format', async () => {
    for (const accept of ['text/plain;version=0.0.4', 'application/openmetrics-text;version=1.0.0']) {
      // Throws on what is no sample, and on a sample or label that comes twice.
      assert.ok(samplesOf(await exporter.page({ accept })).size > 100);
    }
    assert.equal(promtoolFindings(await exporter.page()), '');
  });

  it('are no trouble to Prometheus, which took every sample of every scrape', async () => {
    const scraped = await until(async () => {
      const [series] = await prometheus.samples('scrape_samples_scraped');
      return series !== undefined && series.values.length > 3 && series.values.map(([, value]) => Number(value));
    });
    const up = (await prometheus.samples('up')).flatMap(({ values }) => values.map(([, value]) => value));

    assert.deepEqual([...new Set(up)], ['1']);
    assert.deepEqual(
      scraped,
      witness.pages.slice(0, scraped.length).map(({ text }) => parseSamples(text).length),
    );
    assert.deepEqual(prometheus.complaints(), []);
  });

  it('harm no sense: every collector works, and nothing was unreadable', async () => {
    const page = await exporter.scrape();

    assert.deepEqual(
      page.filter(({ name, value }) => name === 'culprit_collector_success' && value !== 1),
      [],
    );
    assert.deepEqual(
      page.filter(
        ({ name, labels, value }) => name === 'culprit_events_lost_total' && labels.stage === 'decode' && value !== 0,
      ),
      [],
    );
    assert.deepEqual(
      exporter.logged().filter(({ level }) => level > 30),
      [],
    );
  });
});

/** A cgroup below ours with all that lead to it. */
function nested(name: Buffer): Cgroup[] {
  const ends = [...name.entries()].flatMap(([index, byte]) => (byte === 0x2f ? [index] : []));
  const below = (part: Buffer) => new Cgroup(Buffer.concat([Buffer.from(`${top.slice(1)}/`), part]));

  return [...ends, name.length].map((end) => below(name.subarray(0, end)));
}
