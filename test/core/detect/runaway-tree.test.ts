import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import runawayTree from '../../../src/core/detect/runaway-tree.ts';
import { host, type TestHost } from './host.ts';

/** So many workers a second, each begotten by a child that ends at once: a daemon's way to leave its parent. */
function daemonise(linux: TestHost, parent: number, perSecond: number, seconds: number): number[] {
  const left: number[] = [];
  for (let second = 0; second < seconds; second++) {
    for (let each = 0; each < perSecond; each++) {
      const between = linux.spawn('launcher', { parent });
      left.push(linux.spawn('worker', { parent: between }));
      linux.end(between);
    }
    linux.pass(1_000);
  }
  return left;
}

describe('runaway-tree, at 500 live processes gained in a minute', () => {
  it('names the parent, whose children all stay', () => {
    const linux = host(runawayTree);
    const shell = linux.spawn('bash', { parent: linux.spawn('sshd') });

    linux.forks(shell, 600, { overMs: 50_000, lives: true });

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.name, culprit.process?.pid]),
      [[`bash (pid ${shell})`, shell]],
    );
  });

  it('names each of two under one supervisor, and not the supervisor', () => {
    const linux = host(runawayTree);
    const supervisor = linux.spawn('supervisord');
    const [one, other] = [linux.spawn('mailer', { parent: supervisor }), linux.spawn('poller', { parent: supervisor })];
    linux.forks(supervisor, 50, { overMs: 5_000, lives: true });

    for (const parent of [one, other]) linux.forks(parent, 600, { overMs: 25_000, lives: true });

    assert.deepEqual(linux.open.toSorted(), [
      `runaway-tree: mailer (pid ${one})`,
      `runaway-tree: poller (pid ${other})`,
    ]);
  });

  it('names who is above where none of many has so many by itself', () => {
    const linux = host(runawayTree);
    const pool = linux.spawn('pool');
    const workers = Array.from({ length: 10 }, () => linux.spawn('worker', { parent: pool }));

    for (const worker of workers) linux.forks(worker, 60, { overMs: 5_000, lives: true });

    assert.deepEqual(linux.open, [`runaway-tree: pool (pid ${pool})`]);
  });

  it('goes on with the two where they have grown together, and lets their supervisor go', () => {
    const linux = host(runawayTree);
    const supervisor = linux.spawn('supervisord');
    const [one, other] = [linux.spawn('mailer', { parent: supervisor }), linux.spawn('poller', { parent: supervisor })];

    for (let part = 0; part < 50; part++)
      for (const parent of [one, other]) linux.forks(parent, 45, { overMs: 1_800, lives: true });

    assert.deepEqual(linux.open.toSorted(), [
      `runaway-tree: mailer (pid ${one})`,
      `runaway-tree: poller (pid ${other})`,
    ]);
  });

  it('is one incident, though the tree gets deeper as it grows', () => {
    const linux = host(runawayTree);
    let parent = linux.spawn('bash');

    for (let depth = 0; depth < 900; depth++) {
      parent = linux.spawn('bash', { parent });
      linux.pass(60);
    }

    assert.deepEqual(linux.told, ['opened']);
  });

  it('knows a daemon whose shell is long gone, and that forked twice to leave it', () => {
    const linux = host(runawayTree);
    const shell = linux.spawn('bash');
    const between = linux.spawn('bash', { parent: shell });
    const daemon = linux.spawn('daemon', { parent: between });
    linux.end(between);
    linux.end(shell);

    linux.forks(daemon, 600, { overMs: 50_000, lives: true });

    assert.deepEqual(linux.open, [`runaway-tree: daemon (pid ${daemon})`]);
  });

  it('does not accuse a server that replaces its workers beside one that grows', () => {
    const linux = host(runawayTree);
    const supervisor = linux.spawn('supervisord');
    const [server, poller] = [
      linux.spawn('httpd', { parent: supervisor }),
      linux.spawn('poller', { parent: supervisor }),
    ];
    const before = Array.from({ length: 600 }, () => linux.spawn('httpd', { parent: server }));
    linux.pass(120_000);

    for (const pid of before) {
      linux.end(pid);
      linux.spawn('httpd', { parent: server });
      linux.forks(poller, 1, { overMs: 50, lives: true });
    }

    assert.deepEqual(linux.open, [`runaway-tree: poller (pid ${poller})`]);
  });

  it('knows the tree by what descends from it, though each has left its parent', () => {
    const linux = host(runawayTree);
    const daemon = linux.spawn('spawner');

    daemonise(linux, daemon, 15, 40);

    assert.deepEqual(linux.open, [`runaway-tree: spawner (pid ${daemon})`]);
  });

  it('is silent about a server that replaces 600 workers by 600 others', () => {
    const linux = host(runawayTree);
    const server = linux.spawn('httpd');
    const before = daemonise(linux, server, 5, 120);
    linux.pass(60_000);

    for (const pid of before) {
      linux.end(pid);
      linux.spawn('httpd', { parent: server });
      linux.pass(50);
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a thousand that come and go', () => {
    const linux = host(runawayTree);

    linux.forks(linux.spawn('bash'), 1_000, { overMs: 50_000 });

    assert.deepEqual(linux.told, []);
  });

  it('does not add up trees: four with 300 each', () => {
    const linux = host(runawayTree);
    const shells = [1, 2, 3, 4].map(() => linux.spawn('bash'));

    for (const shell of shells) linux.forks(shell, 300, { overMs: 10_000, lives: true });

    assert.deepEqual(linux.told, []);
  });

  it('ends when it grows no more', () => {
    const linux = host(runawayTree);
    linux.forks(linux.spawn('bash'), 600, { overMs: 50_000, lives: true });

    linux.pass(180_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(runawayTree, { options: { processes: 1_000 } });

    linux.forks(linux.spawn('bash'), 600, { overMs: 50_000, lives: true });

    assert.deepEqual(linux.told, []);
  });
});
