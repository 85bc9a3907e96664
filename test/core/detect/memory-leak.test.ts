import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import memoryLeak from '../../../src/core/detect/memory-leak.ts';
import { host } from './host.ts';
import { HOUR, limits, live, MIB, MINUTE } from './memory.ts';

/** Of a limit of 256 MiB, all of it in so many seconds. */
const fills = (seconds: number) => (second: number) => 6 + (250 * second) / seconds;
const steadily = (from: number, mibPerMinute: number) => (second: number) => from + (mibPerMinute * second) / MINUTE;

describe('memory-leak, when four tenths of the room are gone', () => {
  for (const [life, seconds] of Object.entries({ 'a minute': 60, 'five minutes': 300, 'three hours': 3 * HOUR }))
    it(`names who fills 256 MiB in ${life}, before half of it is gone`, () => {
      const linux = host(memoryLeak);
      const pid = linux.spawn('leaky');

      const after = live(linux, seconds, { of: { [pid]: fills(seconds) }, limitMib: 256, untilOpen: true });

      assert.deepEqual(linux.open, [`memory-leak: leaky (pid ${pid})`]);
      assert.ok(after <= seconds / 2, `after ${after} of ${seconds} s`);
    });

  it('forecasts when the limit is reached, and says whose', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');

    const after = live(linux, 600, { of: { [pid]: fills(600) }, limitMib: 256, untilOpen: true });

    const [incident] = linux.incidents;
    const seconds = incident?.forecast?.seconds ?? 0;
    assert.equal(incident?.forecast?.what, 'the memory limit of web.service is reached');
    assert.ok(Math.abs(seconds / (600 - after) - 1) < 0.1, `${seconds} s of ${600 - after}`);
  });

  it('forecasts the end of the memory of the host where no limit is nearer', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');
    const mib = steadily(100, 50);

    live(linux, 2 * HOUR, { of: { [pid]: mib }, availableMib: (second) => 4_000 - mib(second), untilOpen: true });

    assert.deepEqual(
      linux.incidents.map(({ entity, forecast }) => [entity.name, forecast?.what]),
      [[`leaky (pid ${pid})`, 'the host has no memory left']],
    );
  });

  it('is a warning while there is time, and critical from a quarter of an hour on', () => {
    const linux = host(memoryLeak);
    const of = { [linux.spawn('leaky')]: fills(2 * HOUR) };

    live(linux, 2 * HOUR, { of, limitMib: 256, untilOpen: true });
    const first = linux.incidents[0]?.severity;
    live(linux, HOUR, { of: shifted(of, HOUR), limitMib: 256 });

    assert.deepEqual([first, linux.incidents.map(({ severity }) => severity)], ['warning', ['critical']]);
  });

  it('names the workload, and no process, where each of many grows a little', () => {
    const linux = host(memoryLeak);
    const pids = Array.from({ length: 10 }, () => linux.spawn('worker'));

    live(linux, HOUR, { of: each(pids, steadily(5, 0.9)), limitMib: 512, untilOpen: true });

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.kind, entity.name, culprit.process]),
      [['workload', 'web.service', undefined]],
    );
  });

  it('names the workload where ever more are started that hold little', () => {
    const linux = host(memoryLeak);
    const pids: number[] = [];

    for (let count = 0; count < 250 && linux.open.length === 0; count++) {
      pids.push(linux.spawn('worker'));
      live(linux, 5, { of: each(pids, () => 2), limitMib: 512 });
    }

    assert.deepEqual(linux.open, ['memory-leak: web.service']);
  });

  it('makes one incident of one leak, though the workload of the process grows as well, and the slice above', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');
    linux.tell({ kind: 'cgroup-made', at: linux.now, cgroupId: 50, path: '/system.slice' });

    for (let second = 0; second < HOUR; second += 5) {
      linux.tell(limits(linux, 300 + fills(HOUR)(second), 900, 50));
      live(linux, 5, { of: { [pid]: (more) => fills(HOUR)(second + more) }, limitMib: 256 });
    }

    const opened = linux.changes.filter(({ kind }) => kind === 'opened');
    assert.deepEqual(
      opened.map(({ incident }) => incident.entity.name),
      [`leaky (pid ${pid})`],
    );
  });

  it('goes by the tightest room above, which need not be the lowest limit', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');
    linux.tell({ kind: 'cgroup-made', at: linux.now, cgroupId: 50, path: '/system.slice' });

    for (let second = 0; second < HOUR && linux.open.length === 0; second += 5) {
      linux.tell(limits(linux, 700 + fills(HOUR)(second), 900, 50));
      live(linux, 5, { of: { [pid]: (more) => fills(HOUR)(second + more) }, limitMib: 512 });
    }

    assert.equal(linux.incidents[0]?.forecast?.what, 'the memory limit of system.slice is reached');
  });

  it('tells growth as info already, if asked to', () => {
    const linux = host(memoryLeak, { options: { infoRatio: 0.2 } });
    const pid = linux.spawn('growing');

    const after = live(linux, HOUR, { of: { [pid]: fills(HOUR) }, limitMib: 256, untilOpen: true });

    assert.deepEqual([linux.incidents[0]?.severity, after < 0.3 * HOUR], ['info', true]);
  });
});

describe('memory-leak, of what is none', () => {
  const silent = (name: string, mib: (second: number) => number, seconds = HOUR, more = {}) =>
    it(`is silent about ${name}`, () => {
      const linux = host(memoryLeak);

      live(linux, seconds, { of: { [linux.spawn('healthy')]: mib }, limitMib: 256, ...more });

      assert.deepEqual(linux.told, []);
    });

  silent('the garbage of a heap', (second) => 60 + 120 * ((second / 12) % 1));
  silent('a cache that fills a third of the room within a minute, and is full', (second) => 20 + Math.min(80, second));
  silent(
    'the start of a virtual machine that takes most of its heap at once',
    (second) => 30 + Math.min(180, 30 * second),
  );
  silent('a warm-up that slows down', (second) => 20 + 200 * (1 - Math.exp(-second / 200)));
  silent('a load that comes at once', (second) => (second < 900 ? 50 : 200));
  silent('a process that only maps files', () => 20, HOUR, { filesMib: (second: number) => second / 4 });
  silent('who touches what others share', () => 20, HOUR, { sharedMib: (second: number) => second / 4 });
  silent('growth without a known limit', fills(300), 600, { limitMib: Number.NaN, availableMib: () => Number.NaN });

  it('is silent about a build', () => {
    const linux = host(memoryLeak);
    const make = linux.spawn('make');
    const linker = linux.spawn('ld', { parent: make });

    live(linux, 300, { of: { [make]: () => 2, [linker]: fills(300) }, limitMib: 256 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about what a process takes while it may start', () => {
    const linux = host(memoryLeak, { options: { lifetimeSeconds: 300 } });

    live(linux, 240, { of: { [linux.spawn('leaky')]: fills(300) }, limitMib: 256 });

    assert.deepEqual(linux.told, []);
  });

  it('ends when the process does', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');
    live(linux, 300, { of: { [pid]: fills(300) }, limitMib: 256, untilOpen: true });
    linux.end(pid);

    live(linux, 70, { of: {}, limitMib: 256 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('ends when it runs another program: that begins anew', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('leaky');
    live(linux, 300, { of: { [pid]: fills(300) }, limitMib: 256, untilOpen: true });
    linux.execs(pid, 'other');

    live(linux, 70, { of: { [pid]: () => 20 }, limitMib: 256 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('ends when it grows no more', () => {
    const linux = host(memoryLeak);
    const pid = linux.spawn('cache');
    live(linux, 300, { of: { [pid]: fills(300) }, limitMib: 256, untilOpen: true });

    live(linux, HOUR, { of: { [pid]: () => 130 }, limitMib: 256 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so much of the room: at twice the threshold, two thirds of it are nothing', () => {
    const linux = host(memoryLeak, { options: { goneRatio: 0.8 } });

    live(linux, 400, { of: { [linux.spawn('leaky')]: fills(600) }, limitMib: 256 });

    assert.deepEqual(linux.told, []);
  });

  it('needs so much growth: below it, a small room that fills is nothing', () => {
    const told = [2, 24].map((mib) => {
      const linux = host(memoryLeak, { options: { growthBytes: mib * MIB } });
      live(linux, HOUR, { of: { [linux.spawn('leaky')]: (second) => 200 + (18 * second) / HOUR }, limitMib: 220 });
      return linux.told;
    });

    assert.deepEqual(told, [['opened'], []]);
  });

  it('counts whom it had no room to watch', () => {
    const linux = host(memoryLeak);
    const pids = Array.from({ length: 4_100 }, () => linux.spawn('worker'));

    live(linux, 4, { of: each(pids, (second) => 10 + second) });

    assert.ok(linux.engine.stats().overflow.detectors >= 4);
  });
});

function each(pids: readonly number[], mib: (second: number) => number): Record<number, (second: number) => number> {
  return Object.fromEntries(pids.map((pid) => [pid, mib]));
}

function shifted(of: Readonly<Record<number, (second: number) => number>>, bySeconds: number) {
  return Object.fromEntries(Object.entries(of).map(([pid, mib]) => [pid, (second: number) => mib(second + bySeconds)]));
}
