import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Process } from '../../../src/core/model/process.ts';
import { Tree } from '../../../src/core/tree/tree.ts';
import { exec, exit, fork, sample } from '../support/events.ts';

describe('the tree', () => {
  it('knows who begat whom, to the root', () => {
    const tree = new Tree();
    tree.sample(sample(1, { parentPid: 0, parentStartedNs: 0 }));
    tree.fork(fork(10, 1));
    tree.fork(fork(20, 10));
    const grandchild = tree.fork(fork(30, 20))!;

    assert.deepEqual(pids(tree.ancestors(grandchild)), [20, 10, 1]);
  });

  it('knows a parent that was told of after its child', () => {
    const tree = new Tree();
    tree.beginSnapshot();
    const child = tree.sample(sample(5, { parentPid: 9, parentStartedNs: 9 }))!;
    tree.sample(sample(9, { parentPid: 0, parentStartedNs: 0 }));
    tree.endSnapshot(0);

    assert.deepEqual([pids(tree.ancestors(child)), pids(tree.children(tree.get(9)!))], [[9], [5]]);
  });

  it('does not let orphans forget who begat them', () => {
    const tree = new Tree();
    tree.sample(sample(1, { parentPid: 0, parentStartedNs: 0 }));
    const mother = tree.fork(fork(10, 1))!;
    const child = tree.fork(fork(20, 10))!;
    tree.end(mother, 0);
    tree.sample(sample(20, { parentPid: 1, parentStartedNs: 1 }));

    assert.deepEqual([child.parentPid, child.waiterPid, pids(tree.ancestors(child))], [10, 1, [10, 1]]);
  });

  it('gives a child what its parent ran, until it runs something else', () => {
    const tree = new Tree();
    tree.exec(exec(10, 'dash', { argv: Buffer.from('sh\0-c\0true\0') }));
    const child = tree.fork(fork(20, 10))!;
    const inherited = [child.exe, text(tree.argv(child))];
    tree.exec(exec(20, 'true', { argv: new Uint8Array(0) }));

    assert.deepEqual(
      [inherited, [child.exe, text(tree.argv(child))]],
      [
        ['dash', 'sh\0-c\0true\0'],
        ['true', ''],
      ],
    );
  });

  it('leaves a child what its parent ran when the parent runs something else, or is forgotten', () => {
    const tree = new Tree({ endedMax: 0 });
    const mother = tree.exec(exec(10, 'dash', { argv: Buffer.from('dash\0') }))!;
    const children = [20, 21].map((pid) => tree.fork(fork(pid, 10))!);
    tree.exec(exec(10, 'perl', { argv: Buffer.from('perl\0') }));
    const whileItLived = [mother, ...children].map((process) => text(tree.argv(process)));
    tree.end(mother, 0);
    tree.end(children[0]!, 0);
    const stranger = tree.exec(exec(30, 'make', { argv: Buffer.from('make\0') }))!;

    assert.deepEqual(
      [whileItLived, [text(tree.argv(children[1]!)), text(tree.argv(stranger))]],
      [
        ['perl\0', 'dash\0', 'dash\0'],
        ['dash\0', 'make\0'],
      ],
    );
  });

  it('is the same whichever of fork and sample came first, and however often', () => {
    const events = [
      (tree: Tree) => tree.fork(fork(20, 10, { comm: 'dash' })),
      (tree: Tree) => tree.sample(sample(20, { parentPid: 1, comm: 'dash', exe: '' })),
    ];
    const orders = [
      [0, 1],
      [1, 0],
      [0, 0, 1],
      [1, 1, 0],
      [0, 1, 0, 1],
    ];

    const seen = orders.map((order) => {
      const tree = new Tree();
      tree.exec(exec(10, 'dash', { argv: Buffer.from('sh\0') }));
      for (const index of order) events[index]!(tree);
      const child = tree.get(20)!;
      const { pid, parentPid, waiterPid, comm, exe } = child;
      const argv = text(tree.argv(child));
      return { pid, parentPid, waiterPid, comm, exe, argv, size: tree.size, up: pids(tree.ancestors(child)) };
    });

    const mother = { exe: 'dash', argv: 'sh\0' };
    const always = { pid: 20, parentPid: 10, waiterPid: 1, comm: 'dash', ...mother, size: 2, up: [10] };
    assert.deepEqual(
      seen,
      orders.map(() => always),
    );
  });
});

describe('a pid that is used again', () => {
  it('is another process, and the older one is gone although nobody said so', () => {
    const tree = new Tree();
    tree.fork(fork(20, 1, { startedNs: 100, comm: 'old' }));
    tree.fork(fork(20, 1, { startedNs: 200, comm: 'new' }));

    assert.deepEqual(
      [tree.get(20)?.comm, tree.find({ pid: 20, startedNs: 100 })?.comm, tree.size, tree.endedUnseen],
      ['new', 'old', 1, 1],
    );
  });

  it('does not bring the older one back when a late event tells of it', () => {
    const tree = new Tree({ endedMax: 0 });
    tree.fork(fork(20, 1, { startedNs: 200 }));

    assert.deepEqual([tree.exec(exec(20, 'late', { startedNs: 100 })), tree.get(20)?.startedNs], [undefined, 200]);
  });

  it('is no parent of the children of the older one', () => {
    const tree = new Tree({ endedMax: 0 });
    tree.fork(fork(20, 1, { startedNs: 100 }));
    const child = tree.fork(fork(30, 20, { parentStartedNs: 100, startedNs: 150 }))!;
    tree.fork(fork(20, 1, { startedNs: 200 }));

    assert.deepEqual([pids(tree.ancestors(child)), pids(tree.children(tree.get(20)!))], [[], []]);
  });
});

describe('the end of a snapshot', () => {
  it('leaves who was sampled and who was begotten since it began', () => {
    const tree = new Tree();
    for (const pid of [2, 3, 4]) tree.fork(fork(pid, 1));
    tree.exit(exit(4));
    tree.beginSnapshot();
    tree.sample(sample(2));
    tree.fork(fork(5, 2));
    tree.endSnapshot(50);

    assert.deepEqual([pids(tree.live).sort(), tree.endedUnseen], [[2, 5], 1]);
  });

  it('changes nothing when all are there', () => {
    const tree = new Tree();
    for (const pid of [2, 3]) tree.fork(fork(pid, 1));
    tree.beginSnapshot();
    for (const pid of [3, 2]) tree.sample(sample(pid));
    tree.endSnapshot(50);

    assert.deepEqual([pids(tree.live).sort(), tree.endedUnseen], [[2, 3], 0]);
  });

  it('comes not at all when the snapshot failed: nobody is thought gone', () => {
    const tree = new Tree();
    tree.fork(fork(2, 1));
    tree.beginSnapshot();
    tree.beginSnapshot();
    tree.sample(sample(2));
    tree.endSnapshot(50);

    assert.equal(tree.size, 1);
  });
});

describe('the dead', () => {
  it('are remembered, but do not live', () => {
    const tree = new Tree();
    const process = tree.fork(fork(20, 1, { comm: 'short' }))!;
    tree.end(process, 7);

    assert.deepEqual(
      [tree.get(20), tree.find({ pid: 20, startedNs: 20 })?.comm, process.endedAt, tree.size],
      [undefined, 'short', 7, 0],
    );
  });

  it('are not raised by a sample that comes late', () => {
    const tree = new Tree();
    tree.end(tree.fork(fork(20, 1))!, 7);

    assert.deepEqual([tree.sample(sample(20)), tree.size], [undefined, 0]);
  });

  it('are forgotten when too many followed, or too much time passed', () => {
    const forgotten: number[] = [];
    const tree = new Tree({ endedMax: 2, endedAgeMsMax: 1_000, onForget: ({ pid }) => forgotten.push(pid) });
    for (const pid of [21, 22, 23]) tree.end(tree.fork(fork(pid, 1))!, 0);
    const byCount = [...forgotten];
    tree.end(tree.fork(fork(24, 1))!, 1_001);

    assert.deepEqual([byCount, forgotten, tree.find({ pid: 23, startedNs: 23 })], [[21], [21, 22, 23], undefined]);
  });

  it('cost no memory, however many they are', () => {
    const tree = new Tree({ endedMax: 100 });
    const slots = new Set<number>();
    for (let pid = 2; pid < 50_000; pid++) {
      const process = tree.fork(fork(pid, 1))!;
      slots.add(process.slot);
      tree.end(process, pid);
    }

    assert.equal(slots.size, 101);
  });
});

describe('a tree that is full', () => {
  it('refuses, counts, and has room again when someone ended', () => {
    const tree = new Tree({ processesMax: 2 });
    for (const pid of [2, 3, 4]) tree.fork(fork(pid, 1));
    const refused = [tree.get(4), tree.refused];
    tree.end(tree.get(2)!, 0);

    assert.deepEqual([refused, tree.fork(fork(5, 1))?.pid, tree.size], [[undefined, 1], 5, 2]);
  });
});

function pids(processes: Iterable<Process>): number[] {
  return [...processes].map(({ pid }) => pid);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
