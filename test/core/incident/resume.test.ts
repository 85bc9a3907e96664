import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ledger } from '../../../src/core/incident/ledger.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { page } from '../support/page.ts';
import { finding, opened } from './opened.ts';

const DIED_AT = 20_000;
const BACK_AT = 300_000;

/** What a run that was killed left open: each opened at its second, and worse ever since. */
function left(...names: readonly string[]): Incident[] {
  const { ledger, hold } = opened();
  for (const [second, name] of names.entries()) hold(second * 1_000, second * 1_000 + 1, [finding(name, 1)]);
  hold(
    names.length * 1_000,
    DIED_AT,
    names.map((name) => finding(name, 2)),
  );
  return structuredClone([...ledger.open()]);
}

/** The next run, with what the one before left. */
function resumed(incidents: readonly Incident[], options: Parameters<typeof opened>[0] = {}) {
  const run = opened({ newId: () => 'another', ...options });
  run.ledger.resume(incidents, BACK_AT);
  return run;
}

const statesOf = (ledger: Ledger) => [...ledger.open(), ...ledger.closed()].map(({ id, state }) => `${id} ${state}`);

describe('an incident that was open when Culprit ended', () => {
  it('goes on as the same when a finding confirms it, with its id, onset and evidence', () => {
    const [before] = left('a');
    const { ledger, told, hold } = resumed([before!]);

    hold(BACK_AT, BACK_AT + 600_000, [finding('a', 1)]);

    const [after] = ledger.open();
    const { id, onsetAt, detectedAt, peakValue, evidence, overlaps } = after!;
    const of = before!;
    assert.deepEqual(
      [id, onsetAt, detectedAt, peakValue, evidence, overlaps],
      [of.id, of.onsetAt, of.detectedAt, of.peakValue, of.evidence, of.overlaps],
    );
    assert.deepEqual([told, ledger.openCount, ledger.resumed, ledger.lost], [[], 1, 1, 0]);
  });

  it('is resolved like any other, once it was confirmed', () => {
    const { told, hold } = resumed(left('a'));

    hold(BACK_AT, BACK_AT + 1_000, [finding('a', 0.7)]);
    hold(BACK_AT + 1_000, BACK_AT + 120_000, []);

    assert.deepEqual(told, [`resolved a at ${BACK_AT + 60_000}`]);
  });

  it('is lost, once, when nothing confirms it, after its window and a minute', () => {
    const { ledger, told, hold } = resumed(left('a'));

    hold(BACK_AT, BACK_AT + 600_000, []);

    assert.deepEqual(told, [`lost a at ${BACK_AT + 70_000}`]);
    assert.deepEqual([statesOf(ledger), ledger.lost], [['i1 lost'], 1]);
  });

  it('is still waited for while its detector could not have seen it yet', () => {
    const { told, hold } = resumed(left('a'));

    hold(BACK_AT + 500_000, BACK_AT + 569_000, []);

    assert.deepEqual(told, []);
  });

  it('is a new one when it comes back after it was lost', () => {
    const { ledger, hold } = resumed(left('a'));

    hold(BACK_AT, BACK_AT + 71_000, []);
    hold(BACK_AT + 71_000, BACK_AT + 72_000, [finding('a', 1)]);

    assert.deepEqual(statesOf(ledger), ['another open', 'i1 lost']);
  });

  it('does not stand in the way of another entity', () => {
    const { ledger, hold } = resumed(left('a'));

    hold(BACK_AT, BACK_AT + 1_000, [finding('b', 1)]);

    assert.deepEqual(statesOf(ledger), ['i1 open', 'another open']);
  });

  it('tells that it peaked only when it is worse than it was before', () => {
    const { told, hold } = resumed(left('a'));

    hold(BACK_AT, BACK_AT + 60_000, [finding('a', 2)]);
    hold(BACK_AT + 60_000, BACK_AT + 61_000, [finding('a', 2.5)]);

    assert.deepEqual(told, [`peaked a at ${BACK_AT + 60_000}`]);
  });

  it('is active, but not counted a second time', () => {
    const { ledger } = resumed(left('a', 'b'));

    assert.deepEqual(page(ledger.tallies.totals, 'incidents'), {});
    assert.deepEqual(page(ledger.tallies.active, 'incidents_active'), {
      'pressure warning  web.service unit': { incidents_active: 2 },
    });
  });

  it('is lost at once where there is no room, or it is there twice', () => {
    const incidents = left('a', 'b', 'c');
    const { ledger, told } = resumed([...incidents, incidents[0]!], { openMax: 2 });

    assert.deepEqual(told, [`lost c at ${BACK_AT}`, `lost a at ${BACK_AT}`]);
    assert.deepEqual([ledger.openCount, ledger.resumed, ledger.lost], [2, 2, 2]);
  });

  it('can be given up, and is not active then', () => {
    const { ledger, told } = resumed([]);

    ledger.giveUp(left('a'), BACK_AT);

    assert.deepEqual([told, page(ledger.tallies.active, 'incidents_active')], [[`lost a at ${BACK_AT}`], {}]);
  });
});
