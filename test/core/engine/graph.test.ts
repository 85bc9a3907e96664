import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Engine } from '../../../src/core/engine/engine.ts';
import { forestOf, type Graph, type GraphNode, type GraphQuery, graphOf } from '../../../src/core/engine/graph.ts';
import type { Event } from '../../../src/core/model/event.ts';
import { after, snapshot, WEB } from '../support/engine.ts';
import { exit, fork, reap, sample } from '../support/events.ts';

const AT = 60_000;

function graph(engine: Engine, pid: number, query: Partial<GraphQuery> = {}): Graph {
  const process = engine.tree.latest(pid);
  assert.ok(process);
  return graphOf(engine, process, { depth: 16, children: 20, limit: 200, ...query }, AT);
}

/** `1(2 3(4))`: a process, and in brackets its children; `+2/5`: two children left out, five processes with all below. */
function shape({ pid, children, leftOut }: GraphNode): string {
  const more = leftOut.children === 0 ? [] : [`+${leftOut.children}/${leftOut.processes}`];
  const below = [...children.map(shape), ...more].join(' ');
  return below === '' ? `${pid}` : `${pid}(${below})`;
}

/** Each begat by the one it is given with, all living. */
function family(...parents: readonly (readonly [pid: number, parent: number])[]): Engine {
  const forks = parents.map(([pid, parent]) => fork(pid, parent, { at: 500 }));
  const samples = parents.map(([pid, parent]) => sample(pid, { parentPid: parent, parentStartedNs: parent }));
  return after(
    WEB,
    ...snapshot(100, sample(1, { parentPid: 0 })),
    ...forks,
    ...snapshot(1_000, sample(1, { parentPid: 0 }), ...samples),
  );
}

/** It ends, and whoever it begat gets another parent from the kernel. */
function die(engine: Engine, pid: number): void {
  for (const event of [exit(pid, { at: 2_000 }), reap(pid, { at: 2_100 })]) engine.observe(event);
}

function observe(engine: Engine, events: readonly Event[]): void {
  for (const event of events) engine.observe(event);
}

describe('the graph of a process', () => {
  it('has whom it comes from, the nearest first, and who comes from it', () => {
    const engine = family([10, 1], [20, 10], [30, 20], [31, 20], [40, 30], [50, 10]);

    const { ancestors, ancestorsLeftOut, root } = graph(engine, 20);

    assert.deepEqual([ancestors.map(({ pid }) => pid), ancestorsLeftOut, shape(root)], [[10, 1], 0, '20(30(40) 31)']);
  });

  it('sums up what is below', () => {
    const { root } = graph(family([10, 1], [20, 10], [21, 10]), 10);

    assert.deepEqual(
      [root.subtree.processes, root.subtree.anonymousBytes, root.children[0]?.subtree.processes],
      [3, 3_000, 1],
    );
  });

  it('is a process alone when nobody is near', () => {
    const { ancestors, root } = graph(family([10, 1]), 10);

    assert.deepEqual([ancestors.map(({ pid }) => pid), shape(root)], [[1], '10']);
  });

  it('keeps a daemon below who started it by two forks', () => {
    const engine = family([10, 1], [20, 10], [30, 20]);
    die(engine, 20);

    assert.equal(shape(graph(engine, 10).root), '10(30)');
    assert.deepEqual(
      graph(engine, 30).ancestors.map(({ pid, hasEnded }) => [pid, hasEnded]),
      [
        [20, true],
        [10, false],
        [1, false],
      ],
    );
  });

  it('finds an orphan where the kernel put it, once nobody remembers who begat it', () => {
    const engine = family([10, 1], [20, 10], [30, 20]);
    die(engine, 20);
    const orphan = sample(30, { parentPid: 1, parentStartedNs: 1 });
    observe(engine, snapshot(1_000_000, sample(1, { parentPid: 0 }), sample(10), orphan));

    assert.equal(shape(graph(engine, 1).root), '1(10 30)');
  });

  it('is told of who has ended as well, with those that it left behind', () => {
    const engine = family([10, 1], [20, 10], [30, 20], [31, 20]);
    die(engine, 20);

    assert.equal(shape(graph(engine, 20).root), '20(30 31)');
  });
});

describe('the graph of everybody', () => {
  const bounds = { depth: 16, children: 20, limit: 200 };

  it('begins with those below nobody that is known, init or not', () => {
    const orphan = sample(20, { parentPid: 7, parentStartedNs: 7 });
    const engine = after(WEB, ...snapshot(1_000, sample(1, { parentPid: 0 }), sample(10), orphan));

    assert.deepEqual(forestOf(engine, bounds, AT).map(shape), ['1(10)', '20']);
  });

  it('has no kernel threads', () => {
    const kernel = { parentPid: 0, isKernelThread: true };
    const worker = sample(3, { parentPid: 2, parentStartedNs: 2, isKernelThread: true });
    const engine = after(WEB, ...snapshot(1_000, sample(1, { parentPid: 0 }), sample(2, kernel), worker));

    assert.deepEqual(forestOf(engine, bounds, AT).map(shape), ['1']);
  });
});

describe('a graph that is too large', () => {
  const wide = () => family([10, 1], [20, 10], [21, 10], [22, 10], [30, 20], [31, 20], [40, 30]);

  it('shows so many children of one, the heaviest, and says how many more there are', () => {
    assert.equal(shape(graph(wide(), 10, { children: 1 }).root), '10(20(30(40) +1/1) +2/2)');
  });

  it('ends so many generations below', () => {
    assert.equal(shape(graph(wide(), 10, { depth: 1 }).root), '10(20(+2/3) 21 22)');
    assert.equal(shape(graph(wide(), 10, { depth: 0 }).root), '10(+3/6)');
  });

  it('shows so many in all, near ones before far ones', () => {
    assert.equal(shape(graph(wide(), 10, { limit: 4 }).root), '10(20(30(+1/1) +1/1) 21 22)');
  });

  it('never loses anybody: shown and left out are all there are', () => {
    for (let limit = 0; limit <= 8; limit++) {
      const { root } = graph(wide(), 10, { limit, children: 2 });
      const count = ({ children, leftOut }: GraphNode): number =>
        children.reduce((sum, child) => sum + count(child), 1 + leftOut.processes);

      assert.equal(count(root), 7);
    }
  });

  it('ends a line of descent that is longer than anybody reads', () => {
    const pids = Array.from({ length: 100 }, (_, index) => index + 2);
    const { ancestors, ancestorsLeftOut } = graph(family(...pids.map((pid) => [pid, pid - 1] as const)), 101);

    assert.deepEqual([ancestors.length, ancestors[0]?.pid, ancestorsLeftOut], [64, 100, 36]);
  });

  it('goes in no circle, whatever was told', () => {
    const engine = after(
      WEB,
      ...snapshot(
        1_000,
        sample(10, { parentPid: 20, parentStartedNs: 20 }),
        sample(20, { parentPid: 10, parentStartedNs: 10 }),
      ),
    );

    assert.deepEqual([shape(graph(engine, 10).root), shape(graph(engine, 20).root)], ['10(20)', '20']);
  });
});
