import type { WorkloadNamedEvent } from '../model/event.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Books } from './books.ts';
import type { Cgroup } from './cgroups.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { OnRename } from './names.ts';

/** Finds out what cgroups are called. Until then they are counted under an id: with all that was, under the name from then on. */
export class Naming {
  readonly #books: Books;
  readonly #housekeeping: Housekeeping;
  readonly #onRename: OnRename;

  constructor(books: Books, housekeeping: Housekeeping, onRename: OnRename = () => {}) {
    this.#books = books;
    this.#housekeeping = housekeeping;
    this.#onRename = onRename;
  }

  /** The path came, late or again. */
  place(cgroupId: CgroupId, path: string, at: Instant): void {
    const { cgroups } = this.#books;
    const cgroup = cgroups.of(cgroupId);
    if (cgroup === undefined || path === '' || path === cgroup.path) return;

    const before = cgroup.identity.name;
    cgroups.place(cgroup, path);
    this.#call(cgroup, before, at);
  }

  name(event: WorkloadNamedEvent): void {
    const { cgroups, names } = this.#books;
    names.learn(event);
    // A container is of a pod, too.
    const all = new Set([...cgroups.called(event.containerId), ...cgroups.called(event.podUid)]);
    for (const cgroup of all) this.#call(cgroup, cgroup.identity.name, event.at);
  }

  /** `idName` is what it is called while nobody told a name. */
  #call(cgroup: Cgroup, idName: string, at: Instant): void {
    const before = cgroup.workload;
    const after = this.#books.names.of(cgroup.identity);
    // A sandbox is a part of its pod.
    if (after.kind !== cgroup.identity.kind) cgroup.isWhole = false;
    if (isSame(before, after)) return;

    cgroup.workload = after;
    const { place } = cgroup;
    if (place === undefined || place.isClosed || this.#books.places.isOther(place)) return;
    if (before.name === after.name) this.#books.places.rename(place, after);
    else if (before.name === idName) this.#rename(cgroup, after, at);
    // It had a name that a person gave it, and got another. What was counted under that stays there.
    else cgroup.place = undefined;
  }

  #rename(cgroup: Cgroup, after: Workload, at: Instant): void {
    const { places, rows } = this.#books;
    const place = cgroup.place!;
    const before = place.workload;
    const target = places.get(after.name);
    if (target === undefined) {
      places.rename(place, after);
      rows.relabel(place);
    } else if (target !== place) {
      this.#housekeeping.foldPlace(place, target, at);
      places.rename(target, after);
      cgroup.place = target;
    }
    if (before.name !== after.name) this.#onRename(before, after, at);
  }
}

function isSame(one: Workload, other: Workload): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
