import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type BlameQuery, type ExcessOf, report, type VictimReport } from '../../../src/core/blame/report.ts';
import type { StallEvent } from '../../../src/core/model/stall.ts';
import { behind, MS, matrixOf, NOW, names, stall, workload } from './stalls.ts';

const KNOWN = {
  1: 'api',
  2: 'batch',
  3: 'web',
  4: workload('docker:a', { kind: 'container', podUid: 'p1' }),
  5: workload('docker:b', { kind: 'container', podUid: 'p1' }),
  6: workload('docker:c', { kind: 'container', podUid: 'p2' }),
};

const unknown: ExcessOf = () => undefined;

function told(events: readonly StallEvent[], query: Partial<BlameQuery> = {}, excessOf = unknown): VictimReport[] {
  const matrix = matrixOf(names(KNOWN));
  matrix.observeSwitches({ kind: 'switches', at: NOW - 60_000, seen: 1, missed: 0 });
  for (const event of events) matrix.observe(event);
  return report(matrix, { windowMs: 10_000, ...query }, NOW + 1_500, excessOf);
}

/** `victim: offender cause ms share%`, with the remainder last. */
function lines(reports: readonly VictimReport[]): string[] {
  return reports.flatMap(({ victim, parts, remainder }) => [
    ...parts.map(
      ({ offender, cause, seconds, share }) =>
        `${victim.name}: ${offender} ${cause} ${Math.round(seconds * 1e3)} ${Math.round(share * 100)}%`,
    ),
    ...(remainder.seconds > 0 ? [`${victim.name}: not seen ${Math.round(remainder.seconds * 1e3)}`] : []),
  ]);
}

describe('the report of who waited behind whom', () => {
  it('puts first who waited longest, and behind whom most', () => {
    const reports = told([behind(3, 1, 100 * MS), behind(1, 3, 100 * MS), behind(1, 2, 300 * MS)]);

    assert.deepEqual(lines(reports), [
      'api: batch neighbour 300 75%',
      'api: web neighbour 100 25%',
      'web: api neighbour 100 100%',
    ]);
  });

  it('adds up: parts and remainder are the whole', () => {
    const [victim] = told([
      behind(1, 2, 300 * MS),
      stall(1, 'kernel', 50 * MS),
      stall(1, 'unobserved', 30 * MS),
      stall(1, 'truncated', 15 * MS),
      stall(1, 'other', 5 * MS),
    ]);

    assert.deepEqual(
      [victim?.seconds, victim?.remainder, victim?.confidence, victim?.verdict],
      [0.4, { seconds: 0.05, share: 0.125 }, 'medium', 'neighbour'],
    );
    assert.deepEqual(lines([victim!]), [
      'api: batch neighbour 300 75%',
      'api: kernel:other kernel 50 13%',
      'api: not seen 50',
    ]);
  });

  it('names the processes, with their share of the part', () => {
    const [victim] = told([
      behind(1, 2, 300 * MS, {
        holders: [
          { pid: 7, ns: 150 * MS },
          { pid: 8, ns: 30 * MS },
        ],
      }),
    ]);

    assert.deepEqual(victim?.parts[0]?.processes, [
      { pid: 7, comm: '', exe: '', seconds: 0.15, share: 0.5 },
      { pid: 8, comm: '', exe: '', seconds: 0.03, share: 0.1 },
    ]);
  });

  it('tells what a neighbour used above its share, and of nobody else', () => {
    const excessOf: ExcessOf = (name) => (name === 'batch' ? { used: 8, above: 2 } : undefined);

    const [victim] = told([behind(1, 2, 3 * MS), behind(1, 3, 2 * MS), behind(1, 1, MS)], {}, excessOf);

    assert.deepEqual(
      victim?.parts.map(({ excessShare }) => excessShare),
      [0.25, Number.NaN, Number.NaN],
    );
  });

  it('looks back only as far as asked', () => {
    const events = [behind(1, 2, 100 * MS, { at: NOW - 20_000 }), behind(1, 3, 50 * MS)];

    assert.deepEqual(lines(told(events)), ['api: web neighbour 50 100%']);
    assert.deepEqual(lines(told(events, { windowMs: 30_000 })), [
      'api: batch neighbour 100 67%',
      'api: web neighbour 50 33%',
    ]);
  });
});

describe('a question about some', () => {
  const events = [
    behind(1, 2, 300 * MS),
    behind(1, 3, 100 * MS),
    behind(3, 2, 50 * MS),
    behind(3, 1, 50 * MS, { resource: 'io' }),
  ];

  it('is answered for one victim', () => {
    assert.deepEqual(lines(told(events, { victim: 'web', resource: 'cpu' })), ['web: batch neighbour 50 100%']);
  });

  it('is answered for one offender, whose share is still of the whole', () => {
    assert.deepEqual(lines(told(events, { offender: 'web' })), ['api: web neighbour 100 25%']);
  });

  it('keeps resources apart', () => {
    assert.deepEqual(lines(told(events, { resource: 'io' })), ['web: api neighbour 50 100%']);
    assert.deepEqual(lines(told(events, { resource: 'memory' })), []);
  });

  it('is answered with nobody where nobody waited, or goes by that name', () => {
    assert.deepEqual([told([]), told(events, { victim: 'wbe' }), told(events, { offender: 'apj' })], [[], [], []]);
  });
});

describe('by pod', () => {
  it('containers of one pod are one victim and one offender', () => {
    const events = [behind(4, 6, 20 * MS), behind(5, 6, 40 * MS), behind(1, 4, 10 * MS), behind(1, 5, 10 * MS)];

    assert.deepEqual(lines(told(events, { by: 'pod' })), [
      'pod:p1: pod:p2 neighbour 60 100%',
      'api: pod:p1 neighbour 20 100%',
    ]);
  });

  it('a pod is not its own neighbour', () => {
    const events = [behind(4, 5, 20 * MS), behind(4, 4, 20 * MS)];

    assert.deepEqual(lines(told(events)), ['docker:a: docker:b neighbour 20 50%', 'docker:a: docker:a self 20 50%']);
    assert.deepEqual(lines(told(events, { by: 'pod' })), ['pod:p1: pod:p1 self 40 100%']);
  });

  it('what is in no pod stays what it is', () => {
    assert.deepEqual(lines(told([behind(1, 2, MS)], { by: 'pod' })), ['api: batch neighbour 1 100%']);
  });

  it('is above its share as its containers are together, and unknown when one of them is', () => {
    const events = [behind(1, 4, MS), behind(1, 5, MS)];
    const excessOf: ExcessOf = (name) =>
      ({ 'docker:a': { used: 6, above: 3 }, 'docker:b': { used: 4, above: 0 } })[name];
    const half: ExcessOf = (name) => (name === 'docker:a' ? excessOf(name) : undefined);

    assert.equal(told(events, { by: 'pod' }, excessOf)[0]?.parts[0]?.excessShare, 0.3);
    assert.equal(told(events, { by: 'pod' }, half)[0]?.parts[0]?.excessShare, Number.NaN);
  });
});
