import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBomb from '../../../src/core/detect/fork-bomb.ts';
import { hostTold, limits } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

/** Each generation forks two for each of the last, in so much time; those that live at the end. */
function generations(linux: TestHost, root: number, count: number, eachMs: number): number[] {
  let last = [root];
  const all: number[] = [];
  for (let generation = 0; generation < count; generation++) {
    const next: number[] = [];
    for (const parent of last) {
      for (let each = 0; each < 2; each++) {
        linux.pass(eachMs / (2 * last.length));
        next.push(linux.spawn('bash', { parent }));
      }
    }
    all.push(...next);
    last = next;
  }
  return all;
}

describe('fork-bomb, at three doublings within a second each', () => {
  it('names the process that all of them descend from, at once', () => {
    const linux = host(forkBomb);
    const shell = linux.spawn('bash');

    generations(linux, shell, 6, 150);

    assert.deepEqual(linux.open, [`fork-bomb: bash (pid ${shell})`]);
  });

  it('is not hidden by a session of 200 that live there quietly', () => {
    const linux = host(forkBomb);
    const session = linux.spawn('sshd');
    linux.forks(session, 200, { overMs: 60_000, lives: true });
    const shell = linux.spawn('bash', { parent: session });

    generations(linux, shell, 6, 150);

    assert.deepEqual(linux.open, [`fork-bomb: bash (pid ${shell})`]);
  });

  it('is one too where all go on forking, the oldest as well', () => {
    const linux = host(forkBomb);
    const shell = linux.spawn('bash');
    const all = [shell];

    for (let round = 0; round < 7; round++) {
      linux.pass(200);
      for (const parent of [...all]) all.push(linux.spawn('bash', { parent }));
    }

    assert.deepEqual(linux.open, [`fork-bomb: bash (pid ${shell})`]);
  });

  it('is one though its deepest line had to wait for a CPU, and the tree doubled once without it', () => {
    const linux = host(forkBomb);
    const shell = linux.spawn('bash');
    const depths = new Map([[shell, 0]]);
    const fork = (parent: number) => depths.set(linux.spawn('bash', { parent }), depths.get(parent)! + 1);

    for (const deepest of [0, 1, 2, 2, 3, 4, 4]) {
      linux.pass(200);
      // As many as there are, by who may.
      const parents = [...depths].filter(([, depth]) => depth <= deepest).map(([pid]) => pid);
      for (let index = depths.size; index > 0; index--) fork(parents[index % parents.length]!);
    }

    assert.deepEqual(linux.open, [`fork-bomb: bash (pid ${shell})`]);
  });

  it('forecasts when the tightest limit above it is reached', () => {
    const linux = host(forkBomb);
    const shell = linux.spawn('bash');
    linux.tell(
      limits(100, { at: linux.now, pids: 2, pidsMax: 254 }),
      hostTold({ at: linux.now, tasks: 300, tasksMax: 32_768 }),
    );

    generations(linux, shell, 6, 150);

    // 127 live, as many again fit, and it doubles each 150 ms.
    const { what, seconds } = linux.incidents[0]!.forecast!;
    assert.deepEqual([what, seconds > 0.1 && seconds < 0.3], ['the limit of tasks is reached', true]);
  });

  it('forecasts nothing where no limit is known', () => {
    const linux = host(forkBomb);

    generations(linux, linux.spawn('bash'), 6, 150);

    assert.equal(linux.incidents[0]!.forecast, undefined);
  });

  it('is silent about a pool that starts 500 workers at once: all are children of one', () => {
    const linux = host(forkBomb);

    linux.forks(linux.spawn('pool'), 500, { overMs: 500, lives: true });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a tree that doubles every two seconds', () => {
    const linux = host(forkBomb);

    generations(linux, linux.spawn('bash'), 7, 2_500);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a small tree: a script that runs scripts', () => {
    const linux = host(forkBomb);

    generations(linux, linux.spawn('bash'), 4, 100);
    linux.pass(1_000);

    assert.deepEqual(linux.told, []);
  });

  it('ends when most of it has ended', () => {
    const linux = host(forkBomb);
    const all = generations(linux, linux.spawn('bash'), 6, 150);

    for (const pid of all.toReversed()) linux.end(pid);
    linux.pass(70_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('accuses nobody who lives there still when it was killed whole', () => {
    const linux = host(forkBomb);
    const session = linux.spawn('sshd');
    const shell = linux.spawn('bash', { parent: session });
    const all = [shell, ...generations(linux, shell, 6, 150)];

    for (const pid of all.toReversed()) linux.end(pid);
    linux.pass(2_000);

    assert.deepEqual([linux.told, linux.open], [['opened'], [`fork-bomb: bash (pid ${shell})`]]);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(forkBomb, { options: { processes: 128 } });

    generations(linux, linux.spawn('bash'), 6, 150);

    assert.deepEqual(linux.told, []);
  });
});
