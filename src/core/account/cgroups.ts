import { HOST, identify } from '../model/path/identify.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Held } from './cgroup-figures.ts';
import { Kin } from './kin.ts';
import type { Place } from './row.ts';

/** The root of the hierarchy has this id on every kernel. */
const ROOT: CgroupId = 1;

/** What was last told of a cgroup, so that the next can be told from it. */
export interface Cgroup {
  readonly id: CgroupId;
  /** Empty while unknown. */
  path: string;
  /** What its path alone tells. */
  identity: Workload;
  /** The same, by the names that somebody told. */
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
  readonly #kin = new Kin<Cgroup>();
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

  /** Its path came, late or again. */
  place(cgroup: Cgroup, path: string): void {
    this.#kin.remove(cgroup);
    const { workload, isWhole } = identify(path);
    cgroup.path = path;
    cgroup.identity = workload;
    cgroup.isWhole = isWhole;
    this.#kin.add(cgroup);
  }

  /** A process was met in it. A zombie may be, long after its directory was removed: it is remembered for as long. */
  inhabited(id: CgroupId, at: Instant): void {
    const cgroup = this.of(id);
    if (cgroup !== undefined && cgroup.removedAt < at) cgroup.removedAt = at;
  }

  /** Those of a container, or of a pod, by its id. */
  called(id: string): Iterable<Cgroup> {
    return this.#kin.of(id);
  }

  delete(cgroup: Cgroup): void {
    this.#kin.remove(cgroup);
    this.#cgroups.delete(cgroup.id);
    if (this.#last === cgroup) this.#last = undefined;
  }

  #add(id: CgroupId): Cgroup | undefined {
    if (this.#cgroups.size >= this.#cgroupsMax) {
      this.refused++;
      return undefined;
    }
    const identity: Workload = id <= ROOT ? HOST : { kind: 'cgroup', name: `cgroup:${id}` };
    const cgroup: Cgroup = {
      id,
      path: id === ROOT ? '/' : '',
      identity,
      workload: identity,
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
