import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Unseen } from './unseen.ts';

/** Ids are small numbers, and used again after the close. */
export interface Group {
  readonly id: number;
  readonly name: string;
  /** Open rows. */
  rows: number;
  isClosed: boolean;
}

/** A workload with a row of its own. */
export interface Place {
  readonly id: number;
  workload: Workload;
  /** In the sheet of workloads. */
  readonly slot: number;
  /** Open rows in the sheet of groups. */
  rows: number;
  /** Something happened in it. */
  changedAt: Instant;
  /** Someone told of it, be it that nothing happened. */
  touchedAt: Instant;
  isClosed: boolean;
  /** Who holds its values since it was folded or turned out to be another. */
  into: Place | undefined;
  unseen: Unseen | undefined;
  /** CPU that was counted here since it was taken last. */
  cpuNs: number;
}

/** A group in a place. */
export interface Row {
  readonly slot: number;
  readonly group: Group;
  readonly place: Place;
  /** Living processes. */
  members: number;
  changedAt: Instant;
  /** The last snapshot that its gauges tell of. */
  epoch: number;
  isClosed: boolean;
  into: Row | undefined;
}

/** Who holds the values now. */
export function current<Holder extends { readonly into: Holder | undefined }>(holder: Holder): Holder {
  let last = holder;
  while (last.into !== undefined) last = last.into;
  return last;
}
