import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { ProcessSampleEvent, ThreadSampleEvent } from '../../../src/core/model/event.ts';
import type { BpfObject } from '../../../src/libbpf-ts/index.ts';
import { requirement } from '../../support/require.ts';
import { openProbes, samples } from './probes.ts';

const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'uninterruptible',
  T: 'stopped',
  t: 'stopped',
  Z: 'zombie',
  // A kernel thread that waits for work: no load, and no trouble.
  I: 'sleeping',
};
const KTHREAD = 0x0020_0000;

/** A field of /proc/PID/status, or nothing when the process is gone or the field not there. */
function status(pid: number, field: string): string | undefined {
  try {
    return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function statFields(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');

  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

describe('a snapshot', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  let object: BpfObject;
  const processes = () => samples(object).filter((sample) => sample.kind === 'process-sample');
  const own = () => processes().find(({ pid }) => pid === process.pid)!;

  before(() => {
    object = openProbes({ only: ['snapshot', 'snapshot_names'] }).load();
  });
  after(() => object.close());

  /** Every process that both tell of, when neither its start nor its end fell between. */
  function compare<Value>(ours: (sample: ProcessSampleEvent) => Value, theirs: (pid: number) => Value | undefined) {
    const different: unknown[] = [];
    let compared = 0;

    for (const sample of processes()) {
      const expected = theirs(sample.pid);
      if (expected === undefined) continue;
      compared += 1;
      if (ours(sample) !== expected) different.push([sample.pid, sample.comm, ours(sample), expected]);
    }
    assert.equal(compared > 1, true);
    // Others live here too, and change between two looks.
    assert.equal(different.length <= 2, true, JSON.stringify(different));
  }

  it('has the parent, user, threads and pid namespace of every process that /proc has', () => {
    compare(
      (sample) => `${sample.parentPid} ${sample.uid} ${sample.threads}`,
      (pid) => {
        const [parent, uid, threads] = ['PPid', 'Uid', 'Threads'].map((field) => status(pid, field));

        return threads && `${parent} ${uid?.split('\t')[0]} ${threads}`;
      },
    );
    compare(
      (sample) => `pid:[${sample.pidNamespace}]`,
      (pid) => {
        try {
          return readlinkSync(`/proc/${pid}/ns/pid`);
        } catch {
          return undefined;
        }
      },
    );
  });

  it('has the state of every process, and calls a kernel thread one', () => {
    compare(
      ({ state }) => state,
      (pid) => STATES[status(pid, 'State')?.[0] ?? ''],
    );
    compare(
      ({ isKernelThread }) => isKernelThread,
      (pid) => status(pid, 'Name') && (Number(statFields(pid)[6]) & KTHREAD) !== 0,
    );
  });

  it('names the executable of every process that has one', () => {
    compare(
      ({ exe }) => exe,
      (pid) => {
        try {
          return readlinkSync(`/proc/${pid}/exe`)
            .replace(/^.*\//, '')
            .replace(/ \(deleted\)$/, '');
        } catch {
          return undefined;
        }
      },
    );
  });

  it('names no executable when it is not asked to, and else tells the same', () => {
    const plain = samples(object, 'snapshot').find(
      (sample) => sample.kind === 'process-sample' && sample.pid === process.pid,
    );

    assert.deepEqual([(plain as ProcessSampleEvent).exe, own().exe], ['', 'node']);
  });

  it('has the start, memory and limits of this process', () => {
    const sample = own();
    const kib = (field: string) => Number(status(process.pid, field)?.split(' ')[0]) * 1024;
    const resident = sample.anonymousBytes + sample.fileBytes + sample.sharedBytes;
    const soft = /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    const startedTicks = Number(statFields(process.pid)[19]);

    assert.equal(Math.floor(sample.startedNs / 1e7), startedTicks);
    assert.equal(Math.abs(resident / kib('VmRSS') - 1) < 0.1, true);
    assert.equal(Math.abs(sample.rssPeakBytes / kib('VmHWM') - 1) < 0.1, true);
    assert.equal(sample.fdLimit, Number(soft));
    assert.equal(sample.oomScoreAdj, Number(readFileSync('/proc/self/oom_score_adj', 'utf8')));
  });

  it('counts descriptors exactly, over a full word and a larger table', () => {
    const countFds = () => readdirSync('/proc/self/fd').length - 1;
    const opened: number[] = [];

    try {
      for (const upTo of [0, 100, 300, 1_000]) {
        while (opened.length < upTo) opened.push(openSync('/dev/null', 'r'));
        // The iterator's own two descriptors are there while it looks.
        assert.equal(own().fds, countFds() + 2);
      }
    } finally {
      for (const fd of opened) closeSync(fd);
    }
  });

  it('adds up to the CPU time of this process, leader and threads together', () => {
    const all = samples(object).filter(
      (sample): sample is ProcessSampleEvent | ThreadSampleEvent => 'used' in sample && sample.pid === process.pid,
    );
    const usedNs = all.reduce((sum, { used }) => sum + used.runtimeNs, 0);
    const { user, system } = process.cpuUsage();

    assert.equal(all.length, readdirSync('/proc/self/task').length);
    assert.equal(Math.abs(usedNs / ((user + system) * 1e3) - 1) < 0.1, true);
  });

  it('tells what the leader used apart from what threads left that ended', async () => {
    const burn = 'const t = performance.now() + 300; while (performance.now() < t);';
    await once(new Worker(burn, { eval: true }), 'exit');
    const leaderNs = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]);

    const from = leaderNs();
    const { leaderRuntimeNs, used } = own();
    const to = leaderNs();

    assert.equal(from <= leaderRuntimeNs && leaderRuntimeNs <= to, true, `${from} ${leaderRuntimeNs} ${to}`);
    assert.equal(used.runtimeNs - leaderRuntimeNs >= 100e6, true, `${used.runtimeNs} ${leaderRuntimeNs}`);
  });

  it('calls a child that nobody waited for a zombie, without memory or files', async () => {
    const parent = spawn('perl', ['-e', 'if (!fork) { exit } $| = 1; sleep 1; print "there"; sleep 100'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    try {
      await new Promise((resolve) => parent.stdout.once('data', resolve));
      const zombie = processes().find(({ parentPid }) => parentPid === parent.pid);

      assert.deepEqual([zombie?.state, zombie?.fds, zombie?.anonymousBytes, zombie?.threads], ['zombie', 0, 0, 1]);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
