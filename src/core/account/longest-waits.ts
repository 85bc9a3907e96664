import type { CgroupId, Instant } from '../model/units.ts';
import type { Books } from './books.ts';
import { current, type Place } from './row.ts';

/** A gauge of workloads that is there only for those who waited long, lately. */
export class LongestWaits {
  readonly #books: Books;
  readonly #column: number;
  #shown: Place[] = [];

  constructor(books: Books) {
    this.#books = books;
    this.#column = books.places.sheet.column('longest_wait_seconds');
  }

  /** Who was shown before and is not now has none any more, whatever it is called by now. */
  show(waits: Iterable<readonly [cgroupId: CgroupId, seconds: number]>, at: Instant): void {
    const { sheet } = this.#books.places;
    for (const place of this.#shown.map(current)) if (!place.isClosed) sheet.set(place.slot, this.#column, Number.NaN);
    this.#shown = [];
    for (const [cgroupId, seconds] of waits) {
      const place = this.#books.placeOf(cgroupId, at);
      const shown = sheet.get(place.slot, this.#column);
      place.touchedAt = at;
      if (!(shown >= seconds)) sheet.set(place.slot, this.#column, seconds);
      this.#shown.push(place);
    }
  }
}
