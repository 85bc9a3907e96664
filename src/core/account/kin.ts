import type { Workload } from '../model/workload.ts';

interface Identified {
  readonly identity: Workload;
}

/** Cgroups by the container or pod that they belong to. */
export class Kin<Cgroup extends Identified> {
  readonly #byId = new Map<string, Set<Cgroup>>();

  of(id: string): Iterable<Cgroup> {
    return this.#byId.get(id) ?? [];
  }

  add(cgroup: Cgroup): void {
    for (const id of idsOf(cgroup)) this.#byId.set(id, (this.#byId.get(id) ?? new Set()).add(cgroup));
  }

  remove(cgroup: Cgroup): void {
    for (const id of idsOf(cgroup)) {
      const kin = this.#byId.get(id);
      if (kin?.delete(cgroup) && kin.size === 0) this.#byId.delete(id);
    }
  }
}

function idsOf({ identity: { containerId, podUid } }: Identified): string[] {
  return [containerId, podUid].filter((id) => id !== undefined);
}
