import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Workload } from '../../../src/core/model/workload.ts';
import { page } from '../support/page.ts';
import { finding, opened } from './opened.ts';

describe('the ledger, when a workload gets its name late', () => {
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
