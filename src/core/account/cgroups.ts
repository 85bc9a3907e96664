import { HOST, identify } from '../model/path/identify.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Held } from './cgroup-figures.ts';
import type { Place } from './row.ts';

/** The root of the hierarchy has this id on every kernel. */
const ROOT: CgroupId = 1;

/** What was last told of a cgroup, so that the next can be told from it. */
export interface Cgroup {
  readonly id: CgroupId;
  /** Empty while unknown. */
  path: string;
  workload: Workload;
  /** Not only a part inside of its workload. Figures that include those of the cgroups below are taken from here. */
  isWhole: boolean;
  /** Undefined until something has to be counted for it. */
  place: Place | undefined;
  removedAt: Instant;
  counts: Float64Array | undefined;
  pressure: Float64Array | undefined;
  limits: Float64Array | undefined;
  held: Held | undefined;
  /** NaN while unknown. */
  cpuWeight: number;
}

/** Cgroups by id, known by path or not. */
export class Cgroups {
  /** Cgroups that there was no room for: what happens in them is counted for `~other`. */
  refused = 0;

  readonly #cgroupsMax: number;
  readonly #cgroups = new Map<CgroupId, Cgroup>();
  #last: Cgroup | undefined;

  constructor(cgroupsMax: number) {
    this.#cgroupsMax = cgroupsMax;
  }

  get size(): number {
    return this.#cgroups.size;
  }

  values(): IterableIterator<Cgroup> {
    return this.#cgroups.values();
  }

  /** Undefined when there is no room to know it. Id 0 stands for a hierarchy that can't be seen: all is the host's. */
  of(id: CgroupId): Cgroup | undefined {
    if (this.#last?.id === id) return this.#last;

    const cgroup = this.#cgroups.get(id) ?? this.#add(id);
    if (cgroup !== undefined) this.#last = cgroup;
    return cgroup;
  }

  delete(cgroup: Cgroup): void {
    this.#cgroups.delete(cgroup.id);
    if (this.#last === cgroup) this.#last = undefined;
  }

  #add(id: CgroupId): Cgroup | undefined {
    if (this.#cgroups.size >= this.#cgroupsMax) {
      this.refused++;
      return undefined;
    }
    const cgroup: Cgroup = {
      id,
      path: id === ROOT ? '/' : '',
      workload: id <= ROOT ? HOST : { kind: 'cgroup', name: `cgroup:${id}` },
      isWhole: true,
      place: undefined,
      removedAt: Number.NaN,
      counts: undefined,
      pressure: undefined,
      limits: undefined,
      held: undefined,
      cpuWeight: Number.NaN,
    };
    this.#cgroups.set(id, cgroup);
    return cgroup;
  }
}

/** The path of a cgroup came, late or again. Returns whether it is another workload than it seemed to be. */
export function learnPath(cgroup: Cgroup, path: string): boolean {
  if (path === '' || path === cgroup.path) return false;

  const { workload, isWhole } = identify(path);
  cgroup.path = path;
  cgroup.isWhole = isWhole;
  const isAnother = workload.name !== cgroup.workload.name;
  cgroup.workload = workload;
  return isAnother;
}
