import type { Entity } from '../model/finding.ts';
import type { Workload } from '../model/workload.ts';

/** A group in a workload: one object for each, so that it can be a key. */
export interface GroupInWorkload {
  readonly workload: Workload;
  readonly entity: Entity;
  lastStatus: number;
  lastLifetimeSeconds: number;
}

const KEYS_MAX = 8_192;

export class GroupsInWorkloads {
  #keys = new Map<Workload, Map<string, GroupInWorkload>>();
  #size = 0;

  of(workload: Workload, group: string): GroupInWorkload {
    const groups = this.#keys.get(workload) ?? new Map<string, GroupInWorkload>();
    const known = groups.get(group);
    if (known !== undefined) return known;

    const name = `${group} in ${workload.name}`;
    const entity: Entity = { kind: 'group', key: `${workload.name}\n${group}`, name };
    const key = { workload, entity, lastStatus: 0, lastLifetimeSeconds: 0 };
    this.#size++;
    this.#keys.set(workload, groups.set(group, key));
    return key;
  }

  /** Far more than can be in use have been made: those who come again get another object, and count anew. */
  sweep(): void {
    if (this.#size < KEYS_MAX) return;
    this.#keys = new Map();
    this.#size = 0;
  }
}
