import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { createEngine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';
import type { BpfObject } from '../../../src/libbpf-ts/index.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { openProbes, samples } from './probes.ts';

/** Says a line for each that it reads, so that it runs when we want. */
const ECHO = '$| = 1; print "there\\n"; while (<STDIN>) { print }';

describe('a process that sleeps', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  let object: BpfObject;
  let child: ChildProcess;

  before(async () => {
    object = openProbes({ only: ['snapshot', 'snapshot_names'] }).load();
    child = spawn('perl', ['-e', ECHO], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    await asleep(child.pid!);
  });
  after(() => {
    child.kill('SIGKILL');
    object.close();
  });

  const of = (events: readonly Event[]) =>
    events.filter((event) => 'pid' in event && event.pid === child.pid).map(({ kind }) => kind);
  const pass = (program = 'snapshot') => of(samples(object, program));

  it('is told whole once, and then only to be there', () => {
    assert.deepEqual([pass('snapshot_names'), pass(), pass()], [['process-sample'], ['idle-sample'], ['idle-sample']]);
  });

  it('is told whole once more after it ran, be it for a moment', async () => {
    child.stdin!.write('again\n');
    await once(child.stdout!, 'data');
    await asleep(child.pid!);

    assert.deepEqual([pass(), pass()], [['process-sample'], ['idle-sample']]);
  });

  it('is told whole whenever all is asked for, and need not be again after that', () => {
    assert.deepEqual(
      [pass('snapshot_names'), pass('snapshot_names'), pass()],
      [['process-sample'], ['process-sample'], ['idle-sample']],
    );
  });

  it('is told whole when it is stopped, and when it goes on', async () => {
    child.kill('SIGSTOP');
    await until(() => stateOf(child.pid!) === 'T');
    const stopped = [pass(), pass()];
    child.kill('SIGCONT');
    await asleep(child.pid!);

    assert.deepEqual(
      [stopped, [pass(), pass()]],
      [
        [['process-sample'], ['idle-sample']],
        [['process-sample'], ['idle-sample']],
      ],
    );
  });

  it('has the same figures when it is only said to be there', () => {
    const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
    const observe = (events: readonly Event[]) => {
      const mine = events.filter((event) => 'pid' in event && event.pid === child.pid);
      const at = performance.now();
      for (const event of [{ kind: 'snapshot-begin', at } as const, ...mine, { kind: 'snapshot-end', at } as const])
        engine.observe(event);
      const { groups } = engine.accounts;
      return { kinds: mine.map(({ kind }) => kind), cells: groups.columns.map((column) => column[groups.live[0]!]) };
    };

    const told = observe(samples(object, 'snapshot_names'));
    const said = observe(samples(object, 'snapshot'));

    assert.deepEqual([told.kinds, said.kinds], [['process-sample'], ['idle-sample']]);
    assert.deepEqual(said.cells, told.cells);
  });
});

describe('what is not asleep as it was', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  let object: BpfObject;

  before(() => {
    object = openProbes({ only: ['snapshot', 'snapshot_names'] }).load();
  });
  after(() => object.close());

  const kinds = (events: readonly Event[], pid: number) =>
    new Set(events.filter((event) => 'pid' in event && event.pid === pid).map(({ kind }) => kind));

  it('is told whole each time: a process with threads', () => {
    samples(object, 'snapshot_names');

    assert.deepEqual(kinds(samples(object, 'snapshot'), process.pid), new Set(['process-sample', 'thread-sample']));
  });

  it('is told whole each time: a process on a CPU', async () => {
    const busy = spawn('perl', ['-e', '$| = 1; print "there"; 1 while 1'], { stdio: ['ignore', 'pipe', 'inherit'] });

    try {
      await once(busy.stdout!, 'data');
      const passes = Array.from({ length: 5 }, () => kinds(samples(object, 'snapshot'), busy.pid!));

      assert.deepEqual(passes, Array(5).fill(new Set(['process-sample'])));
    } finally {
      busy.kill('SIGKILL');
    }
  });

  it('is in every pass, whichever way it is told, and no process twice', () => {
    const before = new Set(pidsOf(samples(object, 'snapshot_names')));
    const said = pidsOf(samples(object, 'snapshot'));
    const staying = before.intersection(new Set(pidsOf(samples(object, 'snapshot_names'))));

    assert.equal(said.length, new Set(said).size);
    assert.deepEqual([...staying.difference(new Set(said))], []);
  });

  it('is the remainder: nearly all of a host where hundreds sleep', async () => {
    const crowd = 'for (1..300) { if (!fork) { sleep 1000; exit } } $| = 1; print "there"; sleep 1000';
    const parent = spawn('perl', ['-e', crowd], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });

    try {
      await once(parent.stdout!, 'data');
      const crowdOf = (events: readonly Event[]) =>
        events.flatMap((event) =>
          event.kind === 'process-sample' && event.parentPid === parent.pid ? [event.pid] : [],
        );
      let sleepers: number[] = [];
      await until(() => {
        sleepers = crowdOf(samples(object, 'snapshot_names'));
        return sleepers.length === 300 && sleepers.every((pid) => stateOf(pid) === 'S');
      });
      samples(object, 'snapshot_names');

      // The records of the pass fill the kernel's buffer several times, and some do not fit at its end.
      const said = samples(object, 'snapshot').filter(({ kind }) => kind === 'idle-sample');
      const pids = new Set(said.flatMap((event) => ('pid' in event ? [event.pid] : [])));
      assert.deepEqual(
        sleepers.filter((pid) => !pids.has(pid)),
        [],
      );
    } finally {
      process.kill(-parent.pid!, 'SIGKILL');
    }
  });
});

function pidsOf(events: readonly Event[]): number[] {
  return events.flatMap((event) =>
    event.kind === 'process-sample' || event.kind === 'idle-sample' ? [event.pid] : [],
  );
}

function stateOf(pid: number): string {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text[text.lastIndexOf(')') + 2]!;
}

function asleep(pid: number): Promise<boolean> {
  return until(() => stateOf(pid) === 'S');
}
