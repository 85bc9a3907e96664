import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathOf } from '../support/store-path.ts';
import { incident, opened } from './opened.ts';

describe('a store that was told something', () => {
  it('has written before the event loop goes on: what a page tells, a kill does not take back', async () => {
    const { store } = await opened(pathOf());

    store.put(incident(1));
    await Promise.resolve();

    assert.equal(store.reading().written, 1);
  });

  it('and closed at once has it on file, and nothing to complain of', async () => {
    const path = pathOf();
    const { store, said } = await opened(path);

    store.put(incident(1));
    store.close();
    await Promise.resolve();

    assert.deepEqual([(await opened(path)).store.left().length, store.reading().failures, said], [1, 0, []]);
  });

  it('remembers what is owed of an incident until it is settled, whatever becomes of it meanwhile', async () => {
    const path = pathOf();
    const first = await opened(path);
    first.store.put(incident(1), 0b001);
    first.store.put(incident(2));
    await Promise.resolve();
    first.store.put(incident(1, { state: 'resolved', resolvedAt: 60_000 }), 0b110);
    first.store.settle(incident(1).id, 0b010);
    first.store.settle(incident(9).id, 0b111);
    first.store.close();

    const { store } = await opened(path);
    const owed = store.owed(10).map(({ incident: { id, state }, owed: bits }) => [id, state, bits]);
    store.settle(incident(1).id, 0b101);
    await Promise.resolve();

    assert.deepEqual(owed, [[incident(1).id, 'resolved', 0b101]]);
    assert.deepEqual(store.owed(10), []);
  });
});
