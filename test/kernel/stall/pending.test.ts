import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StallEvent } from '../../../src/core/model/stall.ts';
import { LAYOUT } from '../../../src/core/wire/layout.ts';
import { Stalls } from '../../../src/kernel/stalls.ts';
import { requirement } from '../../support/require.ts';
import { openProbes } from '../probes/probes.ts';

const { victim, owner, ns } = LAYOUT.pending_blame.fields;
const [VICTIM, OFFENDER] = [4_711n, 815n];

/** The kernel's maps, which nothing writes to but us. */
function stillMaps(blamesMax?: number) {
  const object = openProbes({ only: [] });
  if (blamesMax !== undefined) object.map('blames').capacity = blamesMax;
  object.load();
  const [blames, cpus] = [object.map('blames'), object.map('cpus')];
  const told: number[] = [];
  const stalls = new Stalls({
    blames,
    cpus,
    resource: 'cpu',
    basis: 'measured',
    emit: (event) => {
      if (event.kind === 'stall') told.push((event as StallEvent).ns);
    },
  });
  return {
    told,
    read: (at: number) => stalls.read(at),
    /** On its way, of the first CPU. */
    pending(amount: bigint): void {
      const value = cpus.get(new Uint8Array(4))!;
      const view = new DataView(value.buffer, value.byteOffset);
      view.setBigUint64(victim, VICTIM, true);
      view.setBigUint64(owner, OFFENDER, true);
      view.setBigUint64(ns, amount, true);
      cpus.set(new Uint8Array(4), value);
    },
    summed(amount: bigint): void {
      const value = new Uint8Array(blames.valueBytes);
      new DataView(value.buffer).setBigUint64(LAYOUT.blame.fields.ns, amount, true);
      blames.set(new Uint8Array(new BigUint64Array([VICTIM, OFFENDER]).buffer), value);
    },
    [Symbol.dispose]: () => object.close(),
  };
}

describe('a sum that is on its way to the matrix', { skip: requirement('bpf') }, () => {
  it('is told once, however often one looks', () => {
    using maps = stillMaps();

    maps.pending(700_000n);
    for (let at = 1; at <= 5; at++) maps.read(at);

    assert.deepEqual(maps.told, [700_000]);
  });

  it('is not told again when it has arrived', () => {
    using maps = stillMaps();

    maps.pending(700_000n);
    maps.read(1);
    maps.pending(0n);
    maps.summed(1_100_000n);
    for (let at = 2; at <= 5; at++) maps.read(at);

    assert.deepEqual(maps.told, [700_000, 400_000]);
  });

  it('is in neither place for a moment, and nothing is told then', () => {
    using maps = stillMaps();

    maps.pending(700_000n);
    maps.read(1);
    maps.pending(0n);
    maps.read(2);
    maps.summed(700_000n);
    maps.read(3);

    assert.deepEqual(maps.told, [700_000]);
  });

  it('that was nowhere for a minute has gone elsewhere, and what comes then is new', () => {
    using maps = stillMaps();

    maps.pending(700_000n);
    maps.read(1);
    maps.pending(0n);
    maps.read(60_002);
    maps.summed(700_000n);
    maps.read(60_003);

    assert.deepEqual(maps.told, [700_000, 700_000]);
  });

  it('is not told of anybody when the matrix has no room for the two', () => {
    using maps = stillMaps(1);

    maps.pending(700_000n);
    for (let at = 1; at <= 3; at++) maps.read(at);

    assert.deepEqual(maps.told, []);
  });
});
