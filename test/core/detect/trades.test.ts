import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Trades } from '../../../src/core/detect/trades.ts';
import type { Process } from '../../../src/core/model/process.ts';
import { after } from '../support/engine.ts';
import { exec, exit, fork, reap, sample } from '../support/events.ts';

const tree = () =>
  after(fork(10, 1), exec(10, 'make'), fork(11, 10), exec(11, 'dash'), fork(12, 11), exec(12, 'cc1'), fork(20, 1)).tree;

describe('a trade', () => {
  it('is that of a build tool, and of all that works for it', () => {
    const known = tree();
    const trades = new Trades(known);

    assert.deepEqual(
      [10, 11, 12, 20].map((pid) => trades.isBuilder(known.get(pid) as Process)),
      [true, true, true, false],
    );
  });

  it('is lost by who runs another program', () => {
    const engine = after(fork(10, 1), exec(10, 'make'));
    const trades = new Trades(engine.tree);
    const before = trades.isBuilder(engine.tree.get(10) as Process);

    engine.observe(exec(10, 'redis-server'));

    assert.deepEqual([before, trades.isBuilder(engine.tree.get(10) as Process)], [true, false]);
  });

  it('is lost by a daemon that outlives the build: it works for init then', () => {
    const engine = after(fork(10, 1), exec(10, 'make'), fork(11, 10), exec(11, 'server'));
    const trades = new Trades(engine.tree);
    const before = trades.isBuilder(engine.tree.get(11) as Process);

    engine.observe(sample(11, { exe: 'server', comm: 'server' }));

    assert.deepEqual([before, trades.isBuilder(engine.tree.get(11) as Process)], [true, false]);
  });

  it('is lost by all that is left of a build, however far below it was', () => {
    const engine = after(
      fork(10, 1),
      exec(10, 'make'),
      fork(11, 10),
      exec(11, 'dash'),
      fork(12, 11),
      exec(12, 'server'),
    );
    const trades = new Trades(engine.tree);
    const before = trades.isBuilder(engine.tree.get(12) as Process);

    for (const event of [exit(10), reap(10), sample(11, { exe: 'dash', comm: 'dash' })]) engine.observe(event);

    assert.deepEqual([before, trades.isBuilder(engine.tree.get(12) as Process)], [true, false]);
  });

  it('is not that of who works for another that got the pid of a build', () => {
    const engine = after(fork(10, 1), exec(10, 'server'), fork(11, 10), exec(11, 'worker'));
    const trades = new Trades(engine.tree);
    for (const event of [fork(10, 1, { startedNs: 99 }), exec(10, 'make', { startedNs: 99 })]) engine.observe(event);

    assert.equal(trades.isBuilder(engine.tree.get(11) as Process), false);
  });

  it('is told by what an interpreter calls itself', () => {
    const engine = after(fork(10, 1), exec(10, 'node', { comm: 'npm ci' }), fork(20, 1), exec(20, 'node'));
    const trades = new Trades(engine.tree);

    assert.deepEqual(
      [10, 20].map((pid) => trades.isBuilder(engine.tree.get(pid) as Process)),
      [true, false],
    );
  });

  it('is not that of what a build tool only starts', () => {
    const told: [comm: string, argv: string, isBuilder: boolean][] = [
      ['npm start', 'npm start', false],
      ['npm run serve', 'npm run serve', false],
      ['npm ci', 'npm ci', true],
      ['npm', '/usr/bin/node\0/usr/bin/npm\0--silent\0start', false],
      ['uv', 'uv\0run\0app', false],
      ['uv', 'uv\0sync', true],
      ['go', 'go\0build\0run', true],
      ['make', 'make\0-j8', true],
    ];

    for (const [comm, argv, isBuilder] of told) {
      const bytes = new TextEncoder().encode(argv);
      const exe = comm.startsWith('npm') ? 'node' : comm;
      const engine = after(fork(10, 1), exec(10, exe, { comm, argv: bytes }), fork(11, 10), exec(11, 'server'));
      const trades = new Trades(engine.tree);
      const found = [10, 11].map((pid) => trades.isBuilder(engine.tree.get(pid) as Process));

      assert.deepEqual([comm, argv, ...found], [comm, argv, isBuilder, isBuilder]);
    }
  });

  it('is not that of a launcher: what cron starts is not excused', () => {
    const engine = after(fork(10, 1), exec(10, 'cron'), fork(11, 10), exec(11, 'bash'));
    const trades = new Trades(engine.tree);

    assert.deepEqual(
      [10, 11].map((pid) => trades.isLauncher(engine.tree.get(pid) as Process)),
      [true, false],
    );
  });
});
