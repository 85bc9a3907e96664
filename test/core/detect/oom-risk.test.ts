import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import oomRisk from '../../../src/core/detect/oom-risk.ts';
import { host } from './host.ts';
import { HOUR, limits, live, MINUTE } from './memory.ts';

const fills = (seconds: number) => (second: number) => 6 + (250 * second) / seconds;

describe('oom-risk, a quarter of an hour before the end', () => {
  it('names the workload, and the process that grew most, with its part', () => {
    const linux = host(oomRisk);
    const [cache, job] = [linux.spawn('cache'), linux.spawn('job')];
    const of = { [cache]: (second: number) => 40 + second / 10, [job]: (second: number) => 10 + (4 * second) / 10 };

    live(linux, 600, { of, limitMib: 256, untilOpen: true });

    const [incident] = linux.incidents;
    assert.deepEqual(
      [incident?.entity.name, incident?.culprit.process?.pid, incident?.severity, incident?.forecast?.what],
      ['web.service', job, 'critical', 'the memory limit of web.service is reached'],
    );
    const part = incident?.evidence.find(({ what }) => what === 'of the growth of the last minute');
    assert.ok(Math.abs((part?.value ?? 0) - 0.8) < 0.05, `${part?.value}`);
  });

  it('is told of a slow leak only when its end is near, and says when that is', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('leaky');

    const after = live(linux, 3 * HOUR, { of: { [pid]: fills(3 * HOUR) }, limitMib: 256, untilOpen: true });

    const left = 3 * HOUR - after;
    const seconds = linux.incidents[0]?.forecast?.seconds ?? 0;
    assert.ok(left <= 16 * MINUTE && left > 12 * MINUTE, `${left} s before the end`);
    assert.ok(Math.abs(seconds / left - 1) < 0.1, `${seconds} of ${left} s`);
  });

  it('is told of growth in steps, which is no leak', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('importer');

    live(linux, 600, { of: { [pid]: (second) => 20 + 20 * Math.floor(second / 45) }, limitMib: 256, untilOpen: true });

    assert.deepEqual(linux.open, ['oom-risk: web.service']);
  });

  it('names the host where nobody has a limit, and who takes its memory', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('hungry');
    const mib = (second: number) => 100 + 10 * second;

    live(linux, 600, { of: { [pid]: mib }, availableMib: (second) => 5_000 - mib(second), untilOpen: true });

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit, forecast }) => [entity.kind, culprit.process?.pid, forecast?.what]),
      [['host', pid, 'the host has no memory left']],
    );
  });

  it('is told of whose limit it is, not of who lives below it', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('leaky');
    linux.tell({ kind: 'cgroup-made', at: linux.now, cgroupId: 50, path: '/system.slice' });

    for (let second = 0; second < 500; second += 5) {
      linux.tell(limits(linux, fills(600)(second), 256, 50));
      live(linux, 5, { of: { [pid]: (more) => fills(600)(second + more) }, limitMib: 256 });
    }

    assert.deepEqual(linux.open, ['oom-risk: system.slice']);
  });

  const silent = (name: string, mib: (second: number) => number, more = {}) =>
    it(`is silent about ${name}`, () => {
      const linux = host(oomRisk);

      live(linux, HOUR, { of: { [linux.spawn('healthy')]: mib }, limitMib: 256, ...more });

      assert.deepEqual(linux.told, []);
    });

  it('is silent about files that are read, which can be given back', () => {
    const linux = host(oomRisk);

    live(linux, HOUR, { of: { [linux.spawn('reader')]: () => 20 }, limitMib: 256, filesMib: (second) => second });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a workload that is nearly full and stays so', () => {
    const linux = host(oomRisk);

    live(linux, HOUR, { of: { [linux.spawn('cache')]: () => 250 }, limitMib: 256 });

    assert.deepEqual(linux.told, []);
  });

  silent('a cache that fills four tenths of the room at once, and is full', (second) => 6 + Math.min(100, 2 * second));
  silent('the start of a virtual machine', (second) => 30 + Math.min(200, 40 * second));
  silent('a warm-up that slows down', (second) => 20 + 200 * (1 - Math.exp(-second / 100)));
  silent('the garbage of a heap', (second) => 60 + 150 * ((second / 12) % 1));
  silent('growth that a limit far away leaves room for', (second) => 20 + second / 10, { limitMib: 4_096 });
  silent('a workload whose memory is not told', () => Number.NaN);
  silent('a host that does not tell', (second) => 20 + second, {
    limitMib: Number.NaN,
    availableMib: () => Number.NaN,
  });

  it('ends when the memory is given back', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('job');
    live(linux, 300, { of: { [pid]: fills(300) }, limitMib: 256, untilOpen: true });

    live(linux, 90, { of: { [pid]: () => 20 }, limitMib: 256 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('ends when it stops growing', () => {
    const linux = host(oomRisk);
    const pid = linux.spawn('job');
    live(linux, 300, { of: { [pid]: fills(300) }, limitMib: 256, untilOpen: true });

    live(linux, HOUR, { of: { [pid]: () => 160 }, limitMib: 256 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so short a time: with half of it, the same is told half as early', () => {
    const left = [900, 450].map((forecastSeconds) => {
      const linux = host(oomRisk, { options: { forecastSeconds } });
      const pid = linux.spawn('leaky');
      return 2 * HOUR - live(linux, 2 * HOUR, { of: { [pid]: fills(2 * HOUR) }, limitMib: 256, untilOpen: true });
    });

    assert.ok(left[0]! > 780 && left[0]! < 960 && left[1]! > 380 && left[1]! < 480, `${left} s`);
  });

  it('needs so much to be gone: at nine tenths, two thirds are nothing', () => {
    const linux = host(oomRisk, { options: { goneRatio: 0.9 } });

    live(linux, 200, { of: { [linux.spawn('job')]: fills(300) }, limitMib: 256 });

    assert.deepEqual(linux.told, []);
  });
});
