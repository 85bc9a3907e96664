import { labelPairs } from '../label.ts';
import { labelName } from '../name.ts';
import type { Rows } from '../rows.ts';
import { textOf, wordsFor } from './text.ts';

const WORDS_MIN = 512;

/**
 * The labels of each row as bytes, rendered once for each time that a slot is opened or relabelled.
 *
 * They are the tail of a sample's name, `group="sh",workload="cron.service"} `, after the labels of its cell. All lie in one
 * buffer, so that thousands of rows are no objects; a new one is put at its end, and the dead go when it is full.
 */
export class Tails {
  /** Replaced when it is full: do not keep it across refreshes. */
  words: Float64Array = new Float64Array(WORDS_MIN);
  /** By slot, the word that a tail starts with, and its length in bytes. Valid for live slots. */
  starts: Int32Array = new Int32Array(0);
  lengths: Int32Array = new Int32Array(0);
  /** Of all live rows together. */
  lengthTotal = 0;

  readonly #rows: Rows;
  readonly #names: readonly string[];
  #generations = new Uint32Array(0);
  #end = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#names = rows.labelNames.map(labelName);
  }

  refresh(): void {
    const { live, size, generations } = this.#rows;
    if (this.lengths.length < live.length) this.#grow(live.length);

    this.lengthTotal = 0;
    for (let index = 0; index < size; index++) {
      const slot = live[index]!;
      if (this.#generations[slot] !== generations[slot]) this.#render(slot);
      this.lengthTotal += this.lengths[slot]!;
    }
  }

  #grow(capacity: number): void {
    this.starts = wider(this.starts, new Int32Array(capacity));
    this.lengths = wider(this.lengths, new Int32Array(capacity));
    this.#generations = wider(this.#generations, new Uint32Array(capacity));
  }

  #render(slot: number): void {
    const tail = textOf(tailOf(this.#names, this.#rows.labels[slot] ?? []));
    this.lengths[slot] = 0;
    if (this.#end + tail.words.length > this.words.length) this.#pack(tail.words.length);

    this.words.set(tail.words, this.#end);
    this.starts[slot] = this.#end;
    this.lengths[slot] = tail.length;
    this.#generations[slot] = this.#rows.generations[slot]!;
    this.#end += tail.words.length;
  }

  /** Moves the tails of live rows into a buffer of twice what they and `more` words need. */
  #pack(more: number): void {
    const slots = this.#rows.live.subarray(0, this.#rows.size);
    const needed = slots.reduce((total, slot) => total + wordsFor(this.lengths[slot]!), more);
    const packed = new Float64Array(Math.max(WORDS_MIN, needed * 2));

    this.#end = 0;
    for (const slot of slots) {
      const start = this.starts[slot]!;
      const count = wordsFor(this.lengths[slot]!);
      packed.set(this.words.subarray(start, start + count), this.#end);
      this.starts[slot] = this.#end;
      this.#end += count;
    }
    this.words = packed;
  }
}

/** A row all of whose labels are absent has an empty one, which means the same, because its head leads up to one. */
function tailOf(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return '';
  return `${labelPairs(names, values) || `${names[0]}=""`}} `;
}

function wider<Column extends Int32Array | Uint32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
