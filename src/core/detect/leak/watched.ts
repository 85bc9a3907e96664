import type { Instant } from '../../model/units.ts';
import type { HeadRoom, Room } from '../head-rooms.ts';
import type { Standing } from './distinct.ts';
import type { LeakOptions } from './options.ts';
import { LeakSeries } from './series.ts';

/** Who holds less, or has not gained so much since it held least, is not worth a series. */
export const HELD_BYTES_MIN = 4 << 20;
export const GAINED_BYTES_MIN = 2 << 20;
/** Of each kind; a series is 2 to 4 KB. */
export const WATCHED_MAX = 4_096;

/** A series, and where its limit is. */
export class Watched {
  readonly series: LeakSeries;
  standing: Standing = 'new';
  #bytes = Number.NaN;
  #limitBytes = Number.POSITIVE_INFINITY;
  #readAt: Instant = Number.NaN;
  #holder: Room | undefined;

  constructor(startedAt: Instant, options: LeakOptions) {
    this.series = new LeakSeries(startedAt, options);
  }

  /** What is left is read more seldom than what it has: in between, its limit stays where it was. */
  observe(at: Instant, bytes: number, left: Readonly<HeadRoom>): void {
    if (left.at !== this.#readAt || left.holder !== this.#holder) {
      this.#limitBytes = (this.#bytes || bytes) + left.bytes;
      this.#readAt = left.at;
      this.#holder = left.holder;
    }
    this.#bytes = bytes;
    this.series.observe(at, bytes, this.#limitBytes);
  }
}
