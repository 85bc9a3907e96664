import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { BY_WAKEUP, Party, Watch } from './watched.ts';

const skip = requirement('bpf', 'clang', 'bpftool', 'taskset', 'perl');
const HOG = '1 while 1';
/** A millisecond of work after each twenty of sleep. */
const LIGHT =
  'use Time::HiRes qw(usleep clock); while (1) { my $t = clock; 1 while clock() - $t < 0.001; usleep 20000 }';
const QUANTITY = 0.5;
const TRIES_MAX = 5;

/** Of what the kernel counted, and the millisecond that may be on its way from one sum to another. */
function agrees(told: number, counted: number): void {
  assert.ok(Math.abs(told - counted) <= counted * 0.005 + 0.002, `told ${told} s, the kernel counted ${counted} s`);
}

async function together(parties: readonly Party[], ran: (parties: readonly Party[]) => boolean): Promise<number[]> {
  const before = parties.map((party) => party.waited());
  for (const party of parties) party.begin();
  await until(() => ran(parties), { withinMs: 60_000 });
  for (const party of parties) await party.freeze();
  return parties.map((party, index) => party.waited() - before[index]!);
}

describe('a victim of two hogs on its CPU', { skip }, () => {
  it('waited for them as long as the kernel says that it waited, to half a percent', async () => {
    using watch = new Watch();
    const [hog, other, light] = [
      await Party.start('hog', '1', HOG),
      await Party.start('other', '1', HOG),
      await Party.start('light', '1', LIGHT),
    ];
    const parties = [hog, other, light];

    const waited = await together(parties, () => hog.ran() > QUANTITY && light.ran() > 0.05);
    watch.read();

    for (const [index, party] of parties.entries()) agrees(watch.seconds(party), waited[index]!);
    const known = watch.seconds(light, 'unobserved') + watch.seconds(light, 'truncated');
    assert.ok(known <= 0.02 * watch.seconds(light), `${known} s were not seen`);
    assert.ok(watch.seconds(hog, other) > 0.3 * QUANTITY);
    assert.equal(watch.seconds(hog, hog), 0);
    for (const party of parties) await party.end();
  });

  it('is not told to have waited for a hog on another CPU', async () => {
    using watch = new Watch();
    const hog = await Party.start('elsewhere', '0', HOG);
    const light = await Party.start('here', '1', LIGHT);

    const [, waited] = await together([hog, light], () => hog.ran() > QUANTITY);
    watch.read();

    agrees(watch.seconds(light), waited!);
    assert.equal(watch.seconds(light, hog), 0);
    for (const party of [hog, light]) await party.end();
  });
});

describe('a hog that is moved to another cgroup while it has the CPU', { skip: skip || requirement('chrt') }, () => {
  const LONG = 'use Time::HiRes qw(clock); my $t = clock; 1 while clock() - $t < 0.6; sleep 100';

  /** Hardly anybody takes the CPU from it. Where the kernel itself did, it has left once as what it was, and another goes. */
  async function moved(): Promise<readonly [light: Party, hog: Party, home: Party]> {
    for (let tries = 1; ; tries++) {
      const [light, hog, home] = [
        await Party.start('behind', '1', HOG),
        await Party.start('before', '1', LONG),
        await Party.start('after', '1', HOG),
      ];
      execFileSync('chrt', ['--fifo', '--pid', '1', String(hog.pid)]);
      const before = hog.preemptions();
      for (const party of [light, hog]) party.begin();
      await until(() => hog.ran() > 0.1);
      const between = hog.preemptions() - before;
      writeFileSync(home.cgroup.procs, String(hog.pid));
      if (between === 0 || tries === TRIES_MAX) return [light, hog, home];
      for (const party of [light, hog, home]) await party.end();
    }
  }

  it('is blamed, for all of that time, as what it is when it leaves', async () => {
    using watch = new Watch();
    const [light, hog, home] = await moved();
    await until(() => watch.readSeconds(light) > 0.5);

    assert.ok(watch.seconds(light, home) > 0.5, `${watch.seconds(light, home)} s behind what it became`);
    assert.ok(watch.seconds(light, hog) < 0.05, `${watch.seconds(light, hog)} s behind what it was`);
    for (const party of [light, hog, home]) await party.end();
  });
});

describe('a kernel without a way from a task to its run queue', { skip }, () => {
  it('has waits that are near the true ones, behind whoever ran last', async () => {
    using watch = new Watch({ programs: BY_WAKEUP });
    const [hog, other] = [await Party.start('guess-a', '1', HOG), await Party.start('guess-b', '1', HOG)];

    const waited = await together([hog, other], () => hog.ran() > QUANTITY);
    watch.read();

    for (const [index, party] of [hog, other].entries()) {
      const told = watch.seconds(party);
      assert.ok(Math.abs(told - waited[index]!) < 0.1 * waited[index]! + 0.02, `told ${told} s of ${waited[index]}`);
    }
    assert.ok(watch.seconds(hog, other) > 0.3 * QUANTITY);
    for (const party of [hog, other]) await party.end();
  });
});

describe('tasks that wander between CPUs', { skip }, () => {
  it('take along what they waited', async () => {
    using watch = new Watch();
    const parties: Party[] = [];
    for (const name of ['a', 'b', 'c']) parties.push(await Party.start(`floating-${name}`, '0,1', HOG));

    const waited = await together(parties, () => parties.every((party) => party.ran() > QUANTITY));
    watch.read();

    for (const [index, party] of parties.entries()) agrees(watch.seconds(party), waited[index]!);
    for (const party of parties) await party.end();
  });
});

describe('a probe that was away', { skip }, () => {
  it('tells that it did not see what happened meanwhile, and accuses nobody of it', async () => {
    using watch = new Watch();
    const [hog, other] = [await Party.start('away-a', '1', HOG), await Party.start('away-b', '1', HOG)];
    const before = hog.waited();
    for (const party of [hog, other]) party.begin();
    await until(() => hog.ran() > QUANTITY);

    watch.detach();
    const from = hog.waited();
    await until(() => hog.waited() - from > QUANTITY);
    const missed = hog.waited() - from;
    watch.attach();
    const again = hog.waited();
    await until(() => hog.waited() - again > QUANTITY);
    for (const party of [hog, other]) await party.freeze();
    watch.read();

    agrees(watch.seconds(hog), hog.waited() - before);
    assert.ok(watch.seconds(hog, 'unobserved') > missed - 0.05, `${watch.seconds(hog, 'unobserved')} of ${missed} s`);
    assert.ok(watch.seconds(hog, other) <= hog.waited() - before - missed + 0.05);
    for (const party of [hog, other]) await party.end();
  });
});

describe('a matrix with no room', { skip }, () => {
  it('keeps the sum, under nobody by name', async () => {
    using watch = new Watch({ blamesMax: 4 });
    const parties: Party[] = [];
    for (const name of ['a', 'b', 'c', 'd']) parties.push(await Party.start(`many-${name}`, '1', HOG));

    const waited = await together(parties, () => parties.every((party) => party.ran() > QUANTITY / 2));
    watch.read();

    const sum = waited.reduce((one, next) => one + next, 0);
    assert.ok(watch.seconds(undefined, 'other') > 0);
    assert.ok(watch.seconds(undefined) >= sum * 0.995, `${watch.seconds(undefined)} of ${sum} s`);
    for (const party of parties) await party.end();
  });
});

describe('320 tasks that send messages to each other', { skip }, () => {
  const MESSAGES = `
    for (1..160) {
      pipe(my $r, my $w); pipe(my $s, my $v);
      if (!fork) { while (1) { syswrite $w, "x"; sysread $s, my $b, 1 } }
      if (!fork) { while (1) { sysread $r, my $b, 1; syswrite $v, "x" } }
    }
    sleep 100`;

  it('look back no further than the slices reach', async () => {
    using watch = new Watch();
    const party = await Party.start('messages', '0,1', MESSAGES);

    party.begin();
    await until(() => watch.readSeconds(party) > 20, { withinMs: 60_000 });

    const truncated = watch.seconds(party, 'truncated') / watch.seconds(party);
    assert.ok(truncated < 0.001, `${truncated} of the wait goes too far back`);
    await party.end();
  });
});
