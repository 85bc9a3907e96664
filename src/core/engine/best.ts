/** The first so many of a stream, in order: the rest is never sorted, and most of it never moved. */
export class Best<Item> {
  readonly items: Item[] = [];
  readonly #max: number;
  readonly #compare: (one: Item, other: Item) => number;

  constructor(max: number, compare: (one: Item, other: Item) => number) {
    this.#max = max;
    this.#compare = compare;
  }

  add(item: Item): void {
    const { items } = this;
    if (items.length === this.#max && this.#compare(item, items[items.length - 1]!) >= 0) return;
    if (items.length === this.#max) items.pop();
    items.splice(this.#placeOf(item), 0, item);
  }

  #placeOf(item: Item): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.items[middle]!, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
