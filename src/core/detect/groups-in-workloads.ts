import type { Entity } from '../model/finding.ts';
import type { Workload } from '../model/workload.ts';

/** A group in a workload: one object for each name, so that it can be a key. A container that is started anew has another id, and its name. */
export interface GroupInWorkload {
  /** As it was met last. */
  workload: Workload;
  readonly entity: Entity;
  lastStatus: number;
  lastLifetimeSeconds: number;
}

const KEYS_MAX = 8_192;

export class GroupsInWorkloads {
  #keys = new Map<string, Map<string, GroupInWorkload>>();
  #size = 0;

  of(workload: Workload, group: string): GroupInWorkload {
    const groups = this.#keys.get(workload.name) ?? new Map<string, GroupInWorkload>();
    const known = groups.get(group);
    if (known !== undefined) {
      known.workload = workload;
      return known;
    }

    const name = `${group} in ${workload.name}`;
    const entity: Entity = { kind: 'group', key: `${workload.name}\n${group}`, name };
    const key = { workload, entity, lastStatus: 0, lastLifetimeSeconds: 0 };
    this.#size++;
    this.#keys.set(workload.name, groups.set(group, key));
    return key;
  }

  /** Each pair that is one from now on: what was kept by the first is the second's. */
  *rename(before: Workload, after: Workload): Generator<readonly [from: GroupInWorkload, into: GroupInWorkload]> {
    const groups = this.#keys.get(before.name);
    if (groups === undefined || before.name === after.name) return;
    this.#keys.delete(before.name);
    this.#size -= groups.size;
    for (const [group, from] of groups) yield [from, this.of(after, group)];
  }

  /** Far more than can be in use have been made: those who come again get another object, and count anew. */
  sweep(): void {
    if (this.#size < KEYS_MAX) return;
    this.#keys = new Map();
    this.#size = 0;
  }
}
