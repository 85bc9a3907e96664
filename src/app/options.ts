import type { Config } from '../config/index.ts';
import type { EngineOptions } from '../core/engine/engine.ts';
import type { Probe } from '../kernel/probes.ts';

const LIFECYCLE_PROBES = ['on_fork', 'on_exec', 'on_exit'];

/** What this host lets us see. */
export function sensesOf(probes: readonly Probe[]): EngineOptions['senses'] {
  const isAttached = (name: string) => probes.some((probe) => probe.name === name && probe.attached);

  return {
    lifecycle: LIFECYCLE_PROBES.every(isAttached),
    counts: [...LIFECYCLE_PROBES, 'on_reap'].every(isAttached),
    fds: true,
  };
}

/** What the core needs of the configuration, be it of now or of a recording. */
export function engineOptions(
  { limits, groups }: Pick<Config, 'limits' | 'groups'>,
  senses: EngineOptions['senses'],
): EngineOptions {
  return {
    senses,
    rules: groupRules(groups),
    groupsMax: limits.groups,
    workloadsMax: limits.workloads,
    rowsMax: limits.series,
    processesMax: limits.processes,
    retentionMs: limits.retentionMinutes * 60_000,
  };
}

/** The configuration has checked that each pattern compiles. */
export function groupRules(groups: Config['groups']): NonNullable<EngineOptions['rules']> {
  const pattern = (text: string | undefined) => (text === undefined ? undefined : new RegExp(text, 'u'));

  return groups.map(({ name, comm, exe, argv, cgroup, parent }) => ({
    name,
    comm: pattern(comm),
    exe: pattern(exe),
    argv: pattern(argv),
    cgroup: pattern(cgroup),
    parent: pattern(parent),
  }));
}
