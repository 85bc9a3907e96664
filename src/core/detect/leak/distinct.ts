import type { Room } from '../head-rooms.ts';

/** Of a workload's growth, so much by those of it that are told of already is no news. */
const MOST = 0.5;

/** `covered`: another tells of the same, until it grows no more itself. */
export type Standing = 'new' | 'told' | 'covered';

/** Of a process, `room` is where it lives; of a workload, what it is. */
export interface Leak {
  readonly room: Room | undefined;
  readonly isWorkload: boolean;
  readonly slope: number;
  /** It is an incident by itself, unless another tells the same. */
  readonly opens: boolean;
  readonly watched: { standing: Standing };
}

/**
 * Makes one incident of one leak, that of a process showing in each cgroup above it too.
 *
 * Who was told first stays. Otherwise a process goes before a workload, and an inner workload before an outer one. What is
 * within a workload that is told is part of that; a workload is told beside those in it when they are the lesser half of
 * its growth, as where many grow a little each.
 */
export function* distinct<Any extends Leak>(leaks: readonly Any[]): Generator<Any> {
  const told = new Set<Room>();
  const within = new Map<Room, number>();
  for (const leak of leaks.toSorted(inOrder)) {
    const { room, isWorkload, slope, opens, watched } = leak;
    if (watched.standing === 'covered') continue;
    const around = isWorkload ? room?.parent : room;
    const known = isWorkload ? (within.get(room!) ?? 0) : 0;
    if (watched.standing === 'new' && (isAnyAbove(around, told) || known >= MOST * slope)) {
      if (opens) watched.standing = 'covered';
      continue;
    }
    if (opens) watched.standing = 'told';
    yield leak;
    if (watched.standing !== 'told') continue;
    if (isWorkload) told.add(room!);
    for (let above = around; above !== undefined; above = above.parent)
      within.set(above, (within.get(above) ?? 0) + Math.max(0, slope - known));
  }
}

function inOrder(one: Leak, other: Leak): number {
  return (
    Number(other.watched.standing === 'told') - Number(one.watched.standing === 'told') ||
    Number(one.isWorkload) - Number(other.isWorkload) ||
    (other.room?.path.length ?? 0) - (one.room?.path.length ?? 0)
  );
}

function isAnyAbove(room: Room | undefined, told: ReadonlySet<Room>): boolean {
  for (let above = room; above !== undefined; above = above.parent) if (told.has(above)) return true;
  return false;
}
