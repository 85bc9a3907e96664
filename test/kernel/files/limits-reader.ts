import type { TestContext } from 'node:test';
import type { CgroupLimitsEvent } from '../../../src/core/model/event.ts';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { KeptFiles } from '../../../src/kernel/kept-files.ts';
import { Limits } from '../../../src/kernel/limits.ts';
import { Pressure } from '../../../src/kernel/pressure.ts';
import { type Files, tree } from './tree.ts';

interface Reader {
  readonly root: string;
  readonly kept: KeptFiles;
  /** One pass; what was told in it of limits, and of which files by their pressure. */
  pass(at: number, cgroups?: readonly Cgroup[]): CgroupLimitsEvent[];
  readonly stalls: string[];
}

export function reader(t: TestContext, files: Files, keptMax?: number): Reader {
  let told: CgroupLimitsEvent[] = [];
  const stalls: string[] = [];
  const root = tree(t, files);
  const v1 = ['cpu', 'cpuacct', 'memory', 'pids', 'io'].map((name) => [name, `${root}/${name}`]);
  const kept = new KeptFiles({ unified: `${root}/v2`, ...Object.fromEntries(v1) }, keptMax);
  const pressure = new Pressure(`${root}/proc`, kept, (event) => {
    if (event.kind === 'pressure') stalls.push(`${event.at} ${event.cgroupId} ${event.resource} ${event.someSeconds}`);
  });
  const facts = new Limits(kept, pressure, (event) => told.push({ ...(event as CgroupLimitsEvent) }));

  t.after(() => kept.close());
  return {
    root,
    kept,
    stalls,
    pass(at, cgroups = [PARENT, CHILD]) {
      told = [];
      for (const cgroup of cgroups) facts.read(cgroup, at);
      return told;
    },
  };
}

export const ALL = { 'v2/pod/app/cgroup.controllers': 'cpuset cpu io memory pids\n' };

export const PARENT: Cgroup = { id: 2, path: '/pod', place: '/pod', parent: undefined, since: 0 };
export const CHILD: Cgroup = { id: 3, path: '/pod/app', place: '/pod/app', parent: PARENT, since: 0 };
