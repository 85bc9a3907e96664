import { execFileSync } from 'node:child_process';
import { Place } from '../harness/place.ts';
import type { Role } from './scenario.ts';
import { runDelaySeconds } from './tasks.ts';
import type { Deeds } from './troupe.ts';

/** A role as it was, and what the kernel counted of it. */
export interface Cast {
  readonly role: Role;
  /** Path and id of each cgroup that it was in, and the CPU time used there. */
  readonly places: readonly { readonly path: string; readonly id: number; readonly usedSeconds: number }[];
  readonly parentPath: string | undefined;
  readonly runDelaySeconds: number;
  readonly throttledSeconds: number;
  readonly pressureSeconds: number;
  readonly deeds: Deeds | undefined;
}

/** A role's process on its way through its cgroups. */
export class Actor {
  readonly role: Role;
  place: Place;
  pid = 0;
  baselineSeconds = 0;
  delaySeconds = 0;
  deeds: Deeds | undefined;
  readonly #name: string;
  readonly #parent: Place | undefined;
  readonly #left: Place[] = [];
  readonly #gone: { path: string; id: number; usedSeconds: number }[] = [];

  constructor(role: Role, name: string) {
    this.role = role;
    if (role.parentLimits !== undefined) {
      this.#parent = new Place(`${name}-parent`, role.parentLimits);
      this.#parent.delegate();
    }
    this.#name = this.#parent === undefined ? `${name}-${role.name}` : `${name}-parent/${role.name}`;
    this.place = new Place(this.#name, role.limits, role.isRealtime);
  }

  /** Asleep, so that all it has waited for by now was waited for elsewhere. */
  enter(pid: number): void {
    this.pid = pid;
    this.#enterPlace();
    this.baselineSeconds = runDelaySeconds(pid);
  }

  move(): void {
    this.#left.push(this.place);
    this.place = new Place(`${this.#name}2`, this.role.limits, this.role.isRealtime);
    this.#enterPlace();
  }

  async removePlace(): Promise<void> {
    this.#gone.push(used(this.place));
    await this.place.remove();
    this.place = new Place(this.#name, this.role.limits, this.role.isRealtime);
  }

  cast(): Cast {
    const limited = this.#parent ?? this.place;
    return {
      role: this.role,
      places: [...this.#gone, ...[...this.#left, this.place].map(used)],
      parentPath: this.#parent?.path,
      runDelaySeconds: this.delaySeconds - this.baselineSeconds,
      throttledSeconds: limited.throttledSeconds(),
      pressureSeconds: this.place.pressureSeconds(),
      deeds: this.deeds,
    };
  }

  async removePlaces(): Promise<void> {
    for (const place of [this.place, ...this.#left]) await place.remove();
    await this.#parent?.remove();
  }

  /** Before 6.2 a cgroup with a cpuset forgets what CPU its new member was bound to. */
  #enterPlace(): void {
    const { cpu = 1 } = this.role;
    this.place.enter(this.pid);
    if (cpu !== 'any') execFileSync('taskset', ['-pac', String(cpu), String(this.pid)], { stdio: 'ignore' });
  }
}

function used(place: Place) {
  return { path: place.path, id: place.id, usedSeconds: place.usedSeconds() };
}
