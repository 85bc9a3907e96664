import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CountsDecoder } from '../../../src/core/wire/counts.ts';
import { LAYOUT } from '../../../src/core/wire/layout.ts';

describe("the kernel's counts of a cgroup", () => {
  it('are read member by member', () => {
    const bytes = Buffer.alloc(LAYOUT.cgroup_counts.size);
    for (let word = 0; word < bytes.length / 8; word++) bytes.writeBigUInt64LE(BigInt(word) + (1n << 33n), word * 8);
    const at = (word: number) => word + 2 ** 33;

    const event = new CountsDecoder(new Uint8Array(bytes)).decode(0, 4_831, 99);

    assert.deepEqual(event, {
      kind: 'cgroup-counts',
      at: 99,
      cgroupId: 4_831,
      forks: at(0),
      execs: at(1),
      exits: [at(2), at(3), at(4), at(5)],
      threads: at(6),
      oomKills: at(7),
      runDelayNs: at(8),
      lifetimeNs: at(9),
      lifetimes: Array.from({ length: 9 }, (_, bucket) => at(10 + bucket)),
      lost: { forks: at(19), execs: at(20), exits: [at(21), at(22), at(23), at(24)] },
      lostUsage: {
        runtimeNs: at(25),
        userNs: at(26),
        systemNs: at(27),
        readBytes: at(28),
        writeBytes: at(29),
        majorFaults: at(30),
      },
      longWaits: at(31),
      longWaitsUntold: at(32),
    });
  });

  it('are refused where no whole value lies', () => {
    assert.throws(() => new CountsDecoder(new Uint8Array(240)).decode(0, 1, 0), /no cgroup_counts at offset 0 of 240/);
  });
});
