import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ledger } from '../../../src/core/incident/ledger.ts';
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

  it('does not end what nobody looked for: the exporter was stopped, and a detector needs its window again', () => {
    const { told, hold } = opened();

    hold(0, 5_000, [finding('web', 1)]);
    hold(100_000, 130_000, []);
    hold(130_000, 140_000, [finding('web', 1)]);
    hold(140_000, 300_000, []);

    assert.deepEqual(told, ['opened web at 0', 'resolved web at 199000']);
  });
});
