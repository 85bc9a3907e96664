import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Holders } from '../../../src/core/blame/holders.ts';
import type { Process } from '../../../src/core/model/process.ts';
import { NOW } from './stalls.ts';

const convert = { pid: 7, startedNs: 70, comm: 'convert', exe: 'magick' } as Process;

describe('the heaviest processes of an offender', () => {
  it('come by name, the heaviest first', () => {
    const holders = new Holders();

    holders.add(NOW, { pid: 8, ns: 10 });
    holders.add(NOW, { pid: 7, ns: 20 }, convert);
    holders.add(NOW, { pid: 8, ns: 15 });

    assert.deepEqual(holders.list(NOW, 10_000), [
      { pid: 8, comm: '', exe: '', ns: 25 },
      { pid: 7, comm: 'convert', exe: 'magick', ns: 20 },
    ]);
  });

  it('keep the name they had when they are gone', () => {
    const holders = new Holders();
    holders.add(NOW, { pid: 7, ns: 20 }, convert);

    holders.add(NOW + 1_000, { pid: 7, ns: 5 });

    assert.deepEqual(holders.list(NOW + 1_000, 10_000), [{ pid: 7, comm: 'convert', exe: 'magick', ns: 25 }]);
  });

  it('take the name that came late, and the one of the next program', () => {
    const holders = new Holders();
    holders.add(NOW, { pid: 7, ns: 1 });
    holders.add(NOW, { pid: 7, ns: 1 }, { ...convert, comm: 'sh', exe: 'dash' });

    holders.add(NOW, { pid: 7, ns: 1 }, convert);

    assert.deepEqual(holders.list(NOW, 10_000), [{ pid: 7, comm: 'convert', exe: 'magick', ns: 3 }]);
  });
});

describe('a process that is not to blame', () => {
  it('is one that only got the pid of who is', () => {
    const holders = new Holders();
    holders.add(NOW, { pid: 7, ns: 1_000 }, convert);

    holders.add(NOW + 1_000, { pid: 7, ns: 3 }, { ...convert, startedNs: 71, comm: 'innocent' });

    assert.deepEqual(holders.list(NOW + 1_000, 10_000), [{ pid: 7, comm: 'innocent', exe: 'magick', ns: 3 }]);
  });

  it('is one that was heavy before the window', () => {
    const holders = new Holders();
    holders.add(NOW, { pid: 7, ns: 20 }, convert);

    assert.deepEqual(holders.list(NOW + 12_000, 10_000), []);
  });

  it('is the lightest, where there is room for eight', () => {
    const holders = new Holders();

    for (let pid = 1; pid <= 8; pid++) holders.add(NOW, { pid, ns: 100 - pid });
    holders.add(NOW, { pid: 9, ns: 50 });

    assert.deepEqual(
      holders.list(NOW, 10_000).map(({ pid }) => pid),
      [1, 2, 3, 4, 5, 6, 7, 9],
    );
  });
});
