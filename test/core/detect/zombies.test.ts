import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import zombies from '../../../src/core/detect/zombies.ts';
import { exit, reap } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

function die(linux: TestHost, parent: number, count: number): number[] {
  const dead = Array.from({ length: count }, () => linux.spawn('worker', { parent }));
  for (const pid of dead) linux.tell(exit(pid, { at: linux.now }));
  return dead;
}

describe('zombies, more than 20 for a minute', () => {
  it('names the parent that does not wait, not the dead', () => {
    const linux = host(zombies);
    const parent = linux.spawn('supervisor');
    die(linux, parent, 21);

    linux.pass(70_000);

    assert.deepEqual(linux.open, [`zombies: supervisor (pid ${parent})`]);
  });

  it('is silent about twenty', () => {
    const linux = host(zombies);
    die(linux, linux.spawn('supervisor'), 20);

    linux.pass(300_000);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a hundred that are waited for within the minute', () => {
    const linux = host(zombies);
    const dead = die(linux, linux.spawn('supervisor'), 100);

    linux.pass(50_000);
    for (const pid of dead) linux.tell(reap(pid, { at: linux.now }));
    linux.pass(300_000);

    assert.deepEqual(linux.told, []);
  });

  it('does not add up parents', () => {
    const linux = host(zombies);
    for (let each = 0; each < 4; each++) die(linux, linux.spawn('sh'), 10);

    linux.pass(300_000);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about who is kept where the parent was, when that is gone', () => {
    const linux = host(zombies);
    const parent = linux.spawn('supervisor');
    const dead = die(linux, parent, 100);
    linux.pass(70_000);

    linux.end(parent);
    for (const pid of dead) linux.tell(reap(pid, { at: linux.now }));
    for (let time = 0; time < 256; time++) linux.end(linux.spawn('true'));
    for (let time = 0; time < 200; time++) linux.spawn('other');
    linux.pass(10_000);

    assert.deepEqual(linux.open, [`zombies: supervisor (pid ${parent})`]);
  });

  it('ends when they are waited for', () => {
    const linux = host(zombies);
    const dead = die(linux, linux.spawn('supervisor'), 30);
    linux.pass(70_000);

    for (const pid of dead) linux.tell(reap(pid, { at: linux.now }));
    linux.pass(70_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(zombies, { options: { zombies: 40 } });
    die(linux, linux.spawn('supervisor'), 21);

    linux.pass(300_000);

    assert.deepEqual(linux.told, []);
  });
});
