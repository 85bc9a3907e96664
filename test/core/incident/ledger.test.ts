import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ledger } from '../../../src/core/incident/ledger.ts';
import type { Workload } from '../../../src/core/model/workload.ts';
import { page } from '../support/page.ts';
import { finding, opened } from './opened.ts';

describe('the ledger', () => {
  it('opens an incident once, however long it is so, and resolves it a minute after', () => {
    const { told, hold } = opened();

    hold(0, 30_000, [finding('a', 1)]);
    hold(30_000, 100_000, []);

    assert.deepEqual(told, ['opened a at 0', 'resolved a at 89000']);
  });

  it('takes it for as severe as it was at worst, among those that are open too', () => {
    const { ledger, hold } = opened();

    hold(0, 10_000, [finding('a', 1)]);
    hold(10_000, 20_000, [finding('a', 1, { severity: 'critical' })]);
    hold(20_000, 30_000, [finding('a', 1, { severity: 'info' })]);

    assert.deepEqual(
      [Array.from(ledger.open(), ({ severity }) => severity), page(ledger.tallies.active, 'incidents_active')],
      [['critical'], { 'pressure critical  web.service unit': { incidents_active: 1 } }],
    );
  });

  it('keeps it open above 70 % of the threshold, and opens none below 100 %', () => {
    const { told, hold } = opened();

    hold(0, 300_000, [finding('below', 0.99)]);
    hold(300_000, 301_000, [finding('above', 1)]);
    hold(301_000, 900_000, [finding('above', 0.7)]);

    assert.deepEqual(told, ['opened above at 300000']);
  });

  it('does not hide a second offender behind the first', () => {
    const { told, hold } = opened();

    hold(0, 1_000, [finding('a', 2), finding('b', 1)]);

    assert.deepEqual(told, ['opened a at 0', 'opened b at 0']);
  });

  it('waits until a finding has held as long as it must, without a break', () => {
    const { told, hold } = opened();

    hold(0, 9_000, [finding('a', 1)], 10_000);
    hold(9_000, 10_000, [], 10_000);
    hold(10_000, 21_000, [finding('a', 1)], 10_000);

    assert.deepEqual(told, ['opened a at 20000']);
  });

  it('begins it when it began, not when it was found', () => {
    const { ledger, hold } = opened();

    hold(0, 11_000, [finding('a', 1)], 10_000);

    const [incident] = ledger.open();
    assert.deepEqual([incident!.onsetAt, incident!.detectedAt], [0, 10_000]);
  });

  it('remembers the worst, with the evidence of it', () => {
    const { ledger, hold } = opened();

    for (const [at, strength] of [1, 3, 2].entries()) hold(at * 1_000, at * 1_000 + 1, [finding('a', strength)]);

    const [{ value, peakValue, peakAt, evidence }] = [...ledger.open()] as [ReturnType<Ledger['get']> & object];
    assert.deepEqual([value, peakValue, peakAt, evidence[0]!.id, evidence[0]!.value], [40, 120, 1_000, 'E1', 3]);
  });

  it('tells that it is worse than ever once in 10 s at most, and the last of it too', () => {
    const { told, hold } = opened();

    for (let second = 0; second < 25; second++) hold(second * 1_000, second * 1_000 + 1, [finding('a', 1 + second)]);
    hold(25_000, 60_000, [finding('a', 1)]);

    assert.deepEqual(told, ['opened a at 0', 'peaked a at 10000', 'peaked a at 20000', 'peaked a at 30000']);
  });

  it('does not tell of what only goes on', () => {
    const { told, hold } = opened();

    hold(0, 60_000, [finding('a', 1)]);

    assert.deepEqual(told, ['opened a at 0']);
  });

  it('names what overlaps it, the latest first', () => {
    const { ledger, hold } = opened();

    hold(0, 1, [finding('a', 1)]);
    hold(1_000, 1_001, [finding('a', 1), finding('b', 1)]);
    hold(2_000, 2_001, [finding('a', 1), finding('b', 1), finding('c', 1)]);

    assert.deepEqual(
      [...ledger.open()].map(({ overlaps }) => overlaps),
      [[], ['i1'], ['i2', 'i1']],
    );
  });

  it('stays bounded when 10,000 come at once, and counts what it refused', () => {
    const { ledger, told, hold } = opened({ openMax: 100 });

    hold(
      0,
      1,
      Array.from({ length: 10_000 }, (_, index) => finding(`f${index}`, 1)),
    );

    assert.deepEqual([told.length, ledger.openCount, ledger.refused], [100, 100, 9_900]);
  });

  it('remembers the last that are over, and counts those that it forgot', () => {
    const { ledger, hold } = opened({ historyMax: 2, clearMs: 1_000 });

    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      hold(index * 10_000, index * 10_000 + 1, [finding(name, 1)]);
      hold(index * 10_000 + 5_000, index * 10_000 + 5_001, []);
    }

    assert.deepEqual([[...ledger.closed()].map(({ id }) => id), ledger.forgotten], [['i3', 'i2'], 1]);
  });

  it('counts for the page what there was and what is open, and begins at zero', () => {
    const { ledger, hold } = opened({ clearMs: 1_000 });
    ledger.tallies.expect('pressure', 'warning');
    const before = page(ledger.tallies.totals, 'incidents');

    hold(0, 1, [finding('a', 1), finding('b', 1)]);
    hold(1_000, 1_001, [finding('a', 1.5)]);
    hold(2_000, 2_001, [finding('a', 1)]);

    assert.deepEqual(
      [
        before,
        page(ledger.tallies.totals, 'incidents'),
        page(ledger.tallies.active, 'incidents_active', 'incident_peak_ratio'),
      ],
      [
        { 'pressure warning': { incidents: 0 } },
        { 'pressure warning': { incidents: 2 } },
        { 'pressure warning  web.service unit': { incidents_active: 1, incident_peak_ratio: 1.5 } },
      ],
    );
  });

  it('names the last of those that a row counts', () => {
    const { ledger, hold } = opened();
    ledger.tallies.expect('pressure', 'warning');
    const [slot] = ledger.tallies.totals.live;
    const before = ledger.tallies.latestOf(slot!);

    hold(0, 1, [finding('a', 1), finding('b', 1)]);

    assert.deepEqual([before, ledger.tallies.latestOf(slot!)?.id], [undefined, 'i2']);
  });

  it('goes on with what is open under the name that came late, whichever name its detector still uses', () => {
    const { ledger, told, hold } = opened();
    const before = { kind: 'container', name: 'docker:4f0c' } as const;
    const after = { kind: 'container', name: 'resizer' } as const;
    const evidence = { what: 'web.service waited behind docker:4f0c', value: 1, unit: 's', source: '', from: 0, to: 1 };

    hold(0, 10_000, [finding('docker:4f0c', 1, { workload: before, facts: [evidence] })]);
    ledger.rename(before, after, 10_000);
    hold(10_000, 20_000, [finding('docker:4f0c', 1, { workload: before, facts: [evidence] })]);
    hold(20_000, 30_000, [finding('resizer', 1.5, { workload: after })]);
    const [open] = ledger.open();
    hold(30_000, 100_000, []);

    assert.deepEqual(told, ['opened docker:4f0c at 0', 'peaked resizer at 20000', 'resolved resizer at 89000']);
    assert.deepEqual([open?.fingerprint, open?.culprit.workload], ['pressure/workload/resizer', after]);
    assert.deepEqual(page(ledger.tallies.active), {});
  });

  it('tells the evidence of before by the new name, and no other whose name only begins alike', () => {
    const { ledger, hold } = opened();
    const before = { kind: 'cgroup', name: 'cgroup:48' } as const;
    const what = 'cgroup:48 waited behind cgroup:481';
    hold(0, 1_000, [
      finding('cgroup:48', 1, { workload: before, facts: [{ what, value: 1, unit: 's', source: '', from: 0, to: 1 }] }),
    ]);

    ledger.rename(before, { kind: 'unit', name: 'web.service' }, 1_000);

    const [open] = ledger.open();
    assert.deepEqual(
      [open?.entity.name, open?.evidence[0]?.what],
      ['web.service', 'web.service waited behind cgroup:481'],
    );
    assert.deepEqual(page(ledger.tallies.active), { 'pressure warning  web.service unit': {} });
  });

  it('does not end what nobody looked for: the exporter was stopped, and a detector needs its window again', () => {
    const { told, hold } = opened();

    hold(0, 5_000, [finding('web', 1)]);
    hold(100_000, 130_000, []);
    hold(130_000, 140_000, [finding('web', 1)]);
    hold(140_000, 300_000, []);

    assert.deepEqual(told, ['opened web at 0', 'resolved web at 199000']);
  });

  it('goes on under the last of two names that came one after the other', () => {
    const { ledger, told, hold } = opened();
    const names = ['cgroup:48', 'docker:4f0c', 'resizer'].map((name) => ({ kind: 'container', name }) as const);
    const [id, hash, name] = names as [Workload, Workload, Workload];
    const found = finding('cgroup:48', 1, { workload: id });

    hold(0, 10_000, [found]);
    ledger.rename(id, hash, 10_000);
    ledger.rename(hash, name, 11_000);
    hold(11_000, 100_000, [found]);

    assert.deepEqual(told, ['opened cgroup:48 at 0']);
    assert.deepEqual(
      [...ledger.open()].map(({ entity }) => entity.name),
      ['resizer'],
    );
  });

  it('ends, of two that turn out to be one, that of the old name, and keeps the other', () => {
    const { ledger, told, hold } = opened();
    const before = { kind: 'container', name: 'docker:4f0c' } as const;
    const after = { kind: 'container', name: 'resizer' } as const;
    const [old, other] = [finding('docker:4f0c', 1, { workload: before }), finding('resizer', 1, { workload: after })];

    hold(0, 5_000, [old]);
    hold(5_000, 10_000, [old, other]);
    ledger.rename(before, after, 10_000);
    hold(10_000, 100_000, [other]);

    assert.deepEqual(told, ['opened docker:4f0c at 0', 'opened resizer at 5000', 'resolved resizer at 69000']);
    assert.deepEqual([ledger.get('i1')?.state, ledger.get('i2')?.state], ['resolved', 'open']);
    assert.deepEqual(page(ledger.tallies.active), { 'pressure warning  resizer container': {} });
  });

  it('leaves alone what is nobody of that name', () => {
    const { ledger, told, hold } = opened();
    hold(0, 1_000, [finding('a', 1)]);

    ledger.rename({ kind: 'container', name: 'docker:4f0c' }, { kind: 'container', name: 'a' }, 1_000);
    hold(1_000, 2_000, [finding('a', 1)]);

    assert.deepEqual(told, ['opened a at 0']);
  });
});
