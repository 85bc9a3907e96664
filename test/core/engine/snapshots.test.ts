import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, snapshot, WEB } from '../support/engine.ts';
import { exec, fork, ran, sample, threadSample } from '../support/events.ts';
import { page } from '../support/page.ts';

const ROW = 'dash web.service unit';

describe('threads', () => {
  it('add what they used to their process', () => {
    const engine = after(
      WEB,
      fork(20, 1),
      exec(20, 'dash'),
      ...snapshot(1, sample(20, { used: ran(1e9) }), threadSample(20, 21, { used: ran(2e9) })),
      ...snapshot(2, sample(20, { used: ran(3e9) })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds')[ROW], { cpu_user_seconds: 3 });
  });
});

describe('a kernel thread', () => {
  it('is grouped by what it is, whatever it is called at the moment', () => {
    const kworker = (comm: string) => sample(20, { comm, exe: '', isKernelThread: true, cgroupId: 1 });
    const engine = after(...snapshot(1, kworker('kworker/0:1')), ...snapshot(2, kworker('kworker/0:1-events')));

    assert.deepEqual(page(engine.accounts.groups, 'processes_sleeping'), {
      'kworker host host': { processes_sleeping: 1 },
    });
  });
});

describe('a process whose exec was lost', () => {
  it('is regrouped when a snapshot brings its name', () => {
    const engine = after(
      WEB,
      exec(20, 'bash'),
      ...snapshot(1, sample(20, { exe: '', comm: 'x' })),
      ...snapshot(2, sample(20, { exe: 'nginx' })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'processes_sleeping'), {
      'bash web.service unit': { processes_sleeping: 0 },
      'nginx web.service unit': { processes_sleeping: 1 },
    });
  });
});

describe('new rules', () => {
  it('regroup those who live at the next snapshot, and leave what was counted', () => {
    const engine = after(WEB, exec(20, 'dash'), ...snapshot(1, sample(20)));
    engine.accounts.setRules([{ name: 'shell', exe: /^(?:da|ba)sh$/u }]);
    for (const event of snapshot(2, sample(20))) engine.observe(event);

    assert.deepEqual(page(engine.accounts.groups, 'execs', 'processes_sleeping'), {
      [ROW]: { execs: 1, processes_sleeping: 0 },
      'shell web.service unit': { execs: 0, processes_sleeping: 1 },
    });
  });

  it('regroup those too who are born before it', () => {
    const engine = after(WEB, exec(20, 'dash'), ...snapshot(1, sample(20)));
    engine.accounts.setRules([{ name: 'shell', exe: /^(?:da|ba)sh$/u }]);
    const child = sample(21, { parentPid: 20, parentStartedNs: 20, exe: '' });
    for (const event of [fork(21, 20), ...snapshot(2, sample(20), child)]) engine.observe(event);

    assert.deepEqual(page(engine.accounts.groups, 'forks', 'processes_sleeping'), {
      [ROW]: { forks: 1, processes_sleeping: 0 },
      'shell web.service unit': { forks: 0, processes_sleeping: 2 },
    });
  });
});
