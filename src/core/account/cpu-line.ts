import type { Rank } from '../model/workload.ts';
import type { Cgroup } from './cgroups.ts';

/** Where each workload stands in the contest for CPU. One whose weight, or an ancestor's, is unknown is left out. */
export function cpuLines(cgroups: Iterable<Cgroup>): Map<string, readonly Rank[]> {
  const byPath = new Map<string, Cgroup>();
  for (const cgroup of cgroups) {
    const known = byPath.get(cgroup.path);
    // A unit that was started again has the path of the one that was removed.
    if (known === undefined || !Number.isNaN(known.removedAt)) byPath.set(cgroup.path, cgroup);
  }

  const lines = new Map<string, readonly Rank[]>();
  for (const cgroup of byPath.values()) {
    if (cgroup.path === '' || !cgroup.isWhole || Number.isNaN(cgroup.cpuWeight)) continue;
    const line = lineOf(cgroup.path, byPath);
    const before = lines.get(cgroup.workload.name);
    if (line !== undefined && (before === undefined || line.length < before.length))
      lines.set(cgroup.workload.name, line);
  }
  return lines;
}

function lineOf(path: string, byPath: ReadonlyMap<string, Cgroup>): readonly Rank[] | undefined {
  const line: Rank[] = [];
  for (let end = path.indexOf('/', 1); end >= 0; end = path.indexOf('/', end + 1)) {
    line.push({ path: path.slice(0, end), weight: byPath.get(path.slice(0, end))?.cpuWeight ?? Number.NaN });
  }
  line.push({ path, weight: byPath.get(path)?.cpuWeight ?? Number.NaN });
  return line.some(({ weight }) => Number.isNaN(weight)) ? undefined : line;
}
