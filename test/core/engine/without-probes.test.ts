import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProcessSampleEvent } from '../../../src/core/model/event.ts';
import { after, snapshot, WEB } from '../support/engine.ts';
import { ran, sample } from '../support/events.ts';
import { page } from '../support/page.ts';

const ROW = 'dash web.service unit';

const BLIND = { options: { senses: { lifecycle: false, counts: false, fds: false } } };

describe('without probes', () => {
  const poor = (pid: number, more: Partial<ProcessSampleEvent> = {}) =>
    sample(pid, { childrenUserNs: 0, childrenSystemNs: 0, threads: 2, fds: Number.NaN, ...more });

  it('what nobody can see has no number, not zero', () => {
    const engine = after(BLIND, WEB, ...snapshot(1, poor(20)));
    const row = page(engine.accounts.groups, ...engine.accounts.groups.columnNames)[ROW];

    assert.deepEqual(Object.keys(row ?? {}), [
      'cpu_user_seconds',
      'cpu_system_seconds',
      'memory_resident_bytes',
      'memory_anonymous_bytes',
      'memory_swap_bytes',
      'memory_max_bytes',
      'processes_running',
      'processes_sleeping',
      'processes_uninterruptible',
      'processes_stopped',
      'processes_zombie',
    ]);
  });

  it('of workloads neither', () => {
    const engine = after(BLIND, WEB, ...snapshot(1, poor(20)));

    assert.deepEqual(page(engine.accounts.workloads, ...engine.accounts.workloads.columnNames), {
      'web.service unit': {},
    });
  });

  it('children that lived between two snapshots count for who waited for them', () => {
    const engine = after(
      BLIND,
      WEB,
      ...snapshot(1, poor(20)),
      ...snapshot(2, poor(20, { childrenUserNs: 3e9, childrenSystemNs: 1e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds', 'cpu_system_seconds')[ROW], {
      cpu_user_seconds: 3,
      cpu_system_seconds: 1,
    });
  });

  it('what was counted of a child is not counted again for its parent, be it waited for a moment later', () => {
    const child = (runtimeNs: number) =>
      poor(30, { parentPid: 20, parentStartedNs: 20, exe: 'cc', used: ran(runtimeNs) });
    const engine = after(
      BLIND,
      WEB,
      ...snapshot(1, poor(20)),
      ...snapshot(2, poor(20), child(2e9)),
      ...snapshot(3, poor(20)),
      ...snapshot(4, poor(20, { childrenUserNs: 2.5e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds'), {
      'cc web.service unit': { cpu_user_seconds: 2 },
      [ROW]: { cpu_user_seconds: 0.5 },
    });
  });

  it('what children used before us is not counted', () => {
    const engine = after(
      BLIND,
      WEB,
      ...snapshot(1, poor(20, { childrenUserNs: 9e9 })),
      ...snapshot(2, poor(20, { childrenUserNs: 9e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds')[ROW], { cpu_user_seconds: 0 });
  });
});
