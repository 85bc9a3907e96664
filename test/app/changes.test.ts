import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Changes } from '../../src/app/changes.ts';
import { INCIDENT } from '../http/culprit.ts';

const OPENED = { kind: 'opened', at: 5_000, incident: INCIDENT } as const;

describe('what becomes of incidents', () => {
  it('is told to all who take it, in their order', () => {
    const changes = new Changes(assert.fail);
    const told: string[] = [];
    changes.add('log', ({ kind }) => told.push(`log: ${kind}`));
    changes.add('store', ({ kind }) => told.push(`store: ${kind}`));

    changes.hand(OPENED);
    changes.hand({ ...OPENED, kind: 'peaked' });

    assert.deepEqual(told, ['log: opened', 'store: opened', 'log: peaked', 'store: peaked']);
  });

  it('reaches the others when one of them fails, which is said and counted', () => {
    const warnings: string[] = [];
    const changes = new Changes((message) => warnings.push(message));
    const told: string[] = [];
    changes.add('store', () => {
      throw new Error('the disk is full');
    });
    changes.add('stream', ({ kind }) => told.push(kind));

    changes.hand(OPENED);

    assert.deepEqual(told, ['opened']);
    assert.deepEqual(warnings, ['store failed to take an incident that was opened: the disk is full']);
    assert.deepEqual(
      [...changes.readings()].map(({ labels, value }) => [labels.taker, value]),
      [
        ['store', 1],
        ['stream', 0],
      ],
    );
  });
});
