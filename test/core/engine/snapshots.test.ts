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

describe('a process with a lower pid of a thread of its own, as pids wrap', () => {
  it('has not used in a second what it used in all its life before us', () => {
    const seen = (at: number, ns: number) =>
      snapshot(
        at,
        threadSample(5_000, 300, { at, used: ran(3.6e14 + ns) }),
        sample(5_000, { at, threads: 2, used: ran(5e9) }),
      );
    const engine = after(WEB, ...seen(1_000, 0), ...seen(2_000, 2e6), ...seen(12_000, 5e6));
    const { cpuRatio } = engine.accounts.rates.of(engine.tree.get(5_000)!, 12_000);

    const { cpu_user_seconds: seconds = 0 } = page(engine.accounts.groups, 'cpu_user_seconds')[ROW]!;
    assert.deepEqual([seconds.toFixed(3), cpuRatio > 0.01], ['0.003', false]);
  });
});

describe('a rule that asks for the parent', () => {
  const both = (at: number) => [
    sample(50, { at, exe: 'backup', startedNs: 2_000, parentPid: 900, parentStartedNs: 900 }),
    sample(900, { at, exe: 'cron' }),
  ];

  it('holds for a child that is met before its parent, as pids wrap', () => {
    const rules = [{ name: 'jobs', parent: /^cron$/u }];
    const engine = after(
      { options: { rules } },
      WEB,
      ...snapshot(1_000, ...both(1_000)),
      ...snapshot(2_000, ...both(2_000)),
    );

    assert.equal(engine.accounts.groupOf(engine.tree.get(50)!), 'jobs');
  });

  it('holds for it when the parent gets another group itself', () => {
    const engine = after(WEB, ...snapshot(1_000, ...both(1_000)));
    engine.accounts.setRules([
      { name: 'scheduler', exe: /^cron$/u },
      { name: 'jobs', parent: /^scheduler$/u },
    ]);
    for (const at of [2_000, 3_000]) for (const event of snapshot(at, ...both(at))) engine.observe(event);

    assert.equal(engine.accounts.groupOf(engine.tree.get(50)!), 'jobs');
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
