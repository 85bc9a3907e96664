import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, snapshot, WEB } from '../support/engine.ts';
import { exec, fork, sample, threadSample } from '../support/events.ts';
import { page } from '../support/page.ts';

const ROW = 'dash web.service unit';

describe('the gauges of a row', () => {
  it('are those of its members together, or of the worst of them', () => {
    const engine = after(
      WEB,
      ...snapshot(1, sample(20, { fds: 512 }), sample(21, { anonymousBytes: 5_000, state: 'running', fds: 10 })),
    );

    assert.deepEqual(
      page(
        engine.accounts.groups,
        'memory_resident_bytes',
        'memory_anonymous_bytes',
        'memory_swap_bytes',
        'memory_max_bytes',
        'open_fds',
        'fd_limit_ratio',
        'processes_running',
        'processes_sleeping',
      )[ROW],
      {
        memory_resident_bytes: 6_460,
        memory_anonymous_bytes: 6_000,
        memory_swap_bytes: 8,
        memory_max_bytes: 5_230,
        open_fds: 522,
        fd_limit_ratio: 0.5,
        processes_running: 1,
        processes_sleeping: 1,
      },
    );
  });

  it('are not known before a snapshot told them', () => {
    const engine = after(WEB, fork(20, 1), exec(20, 'dash'));

    assert.deepEqual(page(engine.accounts.groups, 'memory_resident_bytes', 'processes_running', 'open_fds')[ROW], {});
  });

  it('are nothing when the last member is gone, and of the worst member there is none', () => {
    const engine = after(WEB, ...snapshot(1, sample(20)), ...snapshot(2));

    assert.deepEqual(
      page(engine.accounts.groups, 'memory_resident_bytes', 'memory_max_bytes', 'processes_sleeping')[ROW],
      {
        memory_resident_bytes: 0,
        processes_sleeping: 0,
      },
    );
  });

  it('are not known of descriptors where one member hides them', () => {
    const engine = after(WEB, ...snapshot(1, sample(20), sample(21, { fds: Number.NaN })));

    assert.deepEqual(page(engine.accounts.groups, 'open_fds', 'fd_limit_ratio')[ROW], { fd_limit_ratio: 3 / 1_024 });
  });

  it('do not see a ratio where there is no limit', () => {
    const engine = after(WEB, ...snapshot(1, sample(20, { fdLimit: Number.POSITIVE_INFINITY })));

    assert.deepEqual(page(engine.accounts.groups, 'fd_limit_ratio')[ROW], { fd_limit_ratio: 0 });
  });

  it('do not see a ratio where the limit was lowered below what is open: nothing more is to be opened', () => {
    const engine = after(WEB, ...snapshot(1, sample(20, { fdLimit: 0 }), sample(21)));

    assert.deepEqual(page(engine.accounts.groups, 'fd_limit_ratio')[ROW], { fd_limit_ratio: 3 / 1_024 });
  });

  it('count threads by state, the leader among them', () => {
    const engine = after(
      WEB,
      ...snapshot(1, sample(20, { threads: 3 }), threadSample(20, 21, { state: 'running' }), threadSample(20, 22)),
    );

    assert.deepEqual(page(engine.accounts.groups, 'threads_running', 'threads_sleeping', 'processes_sleeping')[ROW], {
      threads_running: 1,
      threads_sleeping: 2,
      processes_sleeping: 1,
    });
  });
});

describe('memory growth', () => {
  const growing = (bytesAt: (second: number) => number, seconds: number) => {
    const engine = after(WEB);
    for (let second = 0; second <= seconds; second++) {
      const at = second * 1_000;
      for (const event of snapshot(
        at,
        sample(20, { at, anonymousBytes: bytesAt(second), swapBytes: 0, sharedBytes: 0 }),
      ))
        engine.observe(event);
    }
    return page(engine.accounts.groups, 'memory_growth_bytes_per_second')[ROW]?.memory_growth_bytes_per_second;
  };

  it('is told in bytes per second', () => {
    assert.equal(
      growing((second) => second * 1_000, 100),
      1_000,
    );
  });

  it('is not garbage that comes and goes within seconds', () => {
    assert.equal(
      growing((second) => 1e6 + (second % 5) * 1e5, 100),
      0,
    );
  });

  it('is not known before half a minute', () => {
    assert.equal(
      growing((second) => second * 1_000, 20),
      undefined,
    );
  });

  it('is negative when memory is given back', () => {
    assert.equal(
      growing((second) => 1e6 - second * 1_000, 100),
      -1_000,
    );
  });
});
