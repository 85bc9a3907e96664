import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event, EventKind } from '../../../src/core/model/event.ts';
import { type Kernel, type KernelOptions, openKernel } from '../../../src/kernel/index.ts';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { until } from '../../support/until.ts';

/** Members of the union that may have this kind. */
export type Told<Kind extends EventKind, Each = Event> = Each extends Event
  ? Kind extends Each['kind']
    ? Each
    : never
  : never;

/** A kernel at work and all that it told, copied. Time can be moved ahead. */
export interface Observed {
  readonly kernel: Kernel;
  readonly events: Event[];
  readonly warnings: string[];
  readonly clock: { aheadMs: number };
  of<Kind extends EventKind>(kind: Kind): Told<Kind>[];
  /** Resolves when `found` finds something in what was told. Its limit is only for a test that fails. */
  until<Found>(found: () => Found | undefined | false): Promise<Found>;
}

export async function observe(t: TestContext, options: Partial<KernelOptions> = {}): Promise<Observed> {
  const events: Event[] = [];
  const warnings: string[] = [];
  const clock = { aheadMs: 0 };
  const kernel = await openKernel({
    mode: 'bpf',
    roots: { proc: '/proc', cgroup: '' },
    objectPath: '',
    ringBytes: 4 * 1024 * 1024,
    drainHz: 20,
    snapshotSeconds: 0.2,
    cgroupSeconds: 0.5,
    pressureSeconds: 0.5,
    stepDownPercent: 0.8,
    stopPercent: 1.5,
    blameIo: 'off',
    emit: (event) => events.push(copy(event)),
    now: () => Number(process.hrtime.bigint()) / 1e6 + clock.aheadMs,
    warn: (message) => warnings.push(message),
    ...options,
  });
  const of = <Kind extends EventKind>(kind: Kind) => events.filter((event) => event.kind === kind) as Told<Kind>[];

  t.after(() => kernel.stop());
  return { kernel, events, warnings, clock, of, until };
}

/** Events are good only until `emit` returns. */
function copy(event: Event): Event {
  const own: Event = event.kind === 'exec' ? { ...event, argv: event.argv.slice() } : { ...event };

  return structuredClone(own);
}

/** A v2 cgroup of our own, until the test ends: what others do on this host can't be taken for ours. */
export function ownCgroup(t: TestContext, name: string | Buffer = `culprit-shell-${process.pid}-${Date.now()}`) {
  const root = findCgroupMounts('/proc').unified ?? '/sys/fs/cgroup';
  const folder = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
  let isThere = true;

  mkdirSync(folder);
  const remove = async () => {
    for (let tries = 0; isThere; tries++) {
      try {
        rmdirSync(folder);
        isThere = false;
      } catch (error) {
        // The kernel lets go of tasks a moment after they were waited for.
        if (tries > 2_000) throw error;
        await sleep(10);
      }
    }
  };
  t.after(remove);
  return {
    id: statSync(folder).ino,
    path: `/${folder.toString('utf8').slice(root.length + 1)}`,
    remove,
    /** Runs a script in the cgroup, to its end. Blocks: nothing is drained meanwhile. */
    run: (script: string) => spawnSync('sh', ['-c', `echo 0 > '${folder.toString('latin1')}/cgroup.procs'; ${script}`]),
  };
}
