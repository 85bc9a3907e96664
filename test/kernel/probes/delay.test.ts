import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, Probes, samples } from './probes.ts';

const SPINNERS = 5;
/** More than there are CPUs, so that they wait for one another. */
const SPIN = `for (2..${SPINNERS}) { fork or last } 1 while 1`;

describe('run delay', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  it('of those who lived before the probes begins at 0, and is then what the kernel says, to the nanosecond', async (t) => {
    const spinners = await Spinners.start(t);
    await spinners.wait(50e6);
    await spinners.stop();
    const before = spinners.delayNs();

    using probes = new Probes();
    samples(probes.object, 'snapshot');
    const first = countedNs(probes, spinners);
    await spinners.wait(50e6);
    await spinners.stop();
    samples(probes.object, 'snapshot');

    assert.deepEqual([first, countedNs(probes, spinners)], [0, spinners.delayNs() - before]);
  });

  it('of those who lived before the probes is not counted when they end before a snapshot', async (t) => {
    const spinners = await Spinners.start(t);
    await spinners.wait(50e6);
    await spinners.stop();

    using probes = new Probes();
    await spinners.kill();
    await probes.until('their reaps', () => probes.in(spinners.id, 'reap').length >= SPINNERS - 1);

    assert.equal(countedNs(probes, spinners), 0);
  });

  it('of those who are younger is counted at their end, though no snapshot met them', async (t) => {
    using probes = new Probes();
    const spinners = await Spinners.start(t);
    await spinners.wait(50e6);
    await spinners.stop();
    const waitedNs = spinners.delayNs();

    const early = countedNs(probes, spinners);
    await spinners.kill();
    // A virtual machine may hide a reap, see bpf/README.md: hardly two of five.
    await probes.until('their reaps', () => countedNs(probes, spinners) >= waitedNs / 2);

    assert.equal(early, 0);
  });
});

/** What the probes hold of their cgroup; no entry is nothing counted. */
function countedNs(probes: Probes, { id }: Spinners): number {
  probes.drain();
  return probes.has(id) ? probes.counts(id).runDelayNs : 0;
}

/** Processes in a cgroup of their own that take turns on the CPUs. */
class Spinners {
  readonly id: number;
  readonly #cgroup: Cgroup;
  readonly #ended: Promise<number>;
  #pids: readonly number[] = [];

  static async start(t: TestContext): Promise<Spinners> {
    const spinners = new Spinners();
    t.after(async () => {
      await spinners.kill();
      await until(() => spinners.#cgroup.isEmpty());
      spinners.#cgroup.remove();
    });
    spinners.#pids = await until(() => spinners.#inside().length === SPINNERS && spinners.#inside());
    return spinners;
  }

  private constructor() {
    this.#cgroup = new Cgroup(`culprit-${process.pid}-spinners-${counter++}`);
    this.id = idOf(this.#cgroup);
    this.#ended = this.#cgroup.run(['perl', '-e', SPIN]);
  }

  /** What they have waited for a CPU so far, together. */
  delayNs(): number {
    return this.#pids.reduce(
      (sum, pid) => sum + Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]),
      0,
    );
  }

  /** Lets them spin until they have waited so much more. */
  async wait(ns: number): Promise<void> {
    const before = this.delayNs();
    this.#signal('SIGCONT');
    await until(() => this.delayNs() > before + ns);
  }

  async stop(): Promise<void> {
    this.#signal('SIGSTOP');
    await until(() => this.#pids.every((pid) => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))));
  }

  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#ended;
  }

  #signal(name: NodeJS.Signals): void {
    for (const pid of this.#inside()) process.kill(pid, name);
  }

  #inside(): number[] {
    return readFileSync(this.#cgroup.procs, 'utf8').split('\n').filter(Boolean).map(Number);
  }
}

let counter = 0;
