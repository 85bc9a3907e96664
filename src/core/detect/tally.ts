import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { StepSums } from './step-sums.ts';

/** However long somebody did most of it, another who does now is named soon. */
const VOTES_MAX = 200;

interface Entry {
  readonly index: number;
  /** Who did most of it, if anyone did more than half: a vote that needs one place (Boyer and Moore). */
  suspect: Process | undefined;
  suspectStartedNs: number;
  votes: number;
}

/** How often something happened in the last while by any kind of key, and who did most of it; at most so many keys. */
export class Tally<Key> {
  readonly #all: StepSums;
  readonly #marked: StepSums;
  readonly #keysMax: number;
  readonly #refuse: () => void;
  readonly #entries = new Map<Key, Entry>();
  readonly #free: Entry[] = [];

  constructor(windowMs: number, steps: number, refuse: () => void, keysMax = 4_096) {
    this.#all = new StepSums(windowMs, steps);
    this.#marked = new StepSums(windowMs, steps);
    this.#refuse = refuse;
    this.#keysMax = keysMax;
  }

  /** `isMarked` counts it once more in a sum of its own. */
  add(key: Key, at: Instant, isMarked: boolean, by: Process | undefined): void {
    const entry = this.#entries.get(key) ?? this.#open(key);
    if (entry === undefined) return;
    this.#all.add(entry.index, at);
    if (isMarked) this.#marked.add(entry.index, at);
    if (by !== undefined) vote(entry, by);
  }

  /** What was counted of one key is the other's; the suspect is who had more votes. */
  merge(from: Key, into: Key, at: Instant): void {
    const entry = this.#entries.get(from);
    if (entry === undefined) return;
    this.#entries.delete(from);
    const target = this.#entries.get(into);
    if (target === undefined) {
      this.#entries.set(into, entry);
      return;
    }
    this.#all.merge(entry.index, target.index, at);
    this.#marked.merge(entry.index, target.index, at);
    const { suspect, suspectStartedNs, votes } = entry.votes > target.votes ? entry : target;
    Object.assign(target, { suspect, suspectStartedNs, votes });
    this.#free.push(entry);
  }

  /** All keys with something in the window; the others are forgotten. */
  *active(at: Instant): Generator<{ key: Key; count: number; marked: number; suspect: Process | undefined }> {
    for (const [key, entry] of this.#entries) {
      const count = this.#all.total(entry.index, at);
      if (count === 0) {
        this.#entries.delete(key);
        this.#free.push(entry);
        continue;
      }
      const { suspect, suspectStartedNs } = entry;
      const isStill = suspect !== undefined && suspect.startedNs === suspectStartedNs;
      yield { key, count, marked: this.#marked.total(entry.index, at), suspect: isStill ? suspect : undefined };
    }
  }

  #open(key: Key): Entry | undefined {
    if (this.#entries.size >= this.#keysMax) {
      this.#refuse();
      return undefined;
    }
    const entry = this.#free.pop() ?? {
      index: this.#entries.size,
      suspect: undefined,
      suspectStartedNs: Number.NaN,
      votes: 0,
    };
    entry.suspect = undefined;
    entry.votes = 0;
    this.#all.clear(entry.index);
    this.#marked.clear(entry.index);
    this.#entries.set(key, entry);
    return entry;
  }
}

function vote(entry: Entry, by: Process): void {
  if (entry.suspect === by && entry.suspectStartedNs === by.startedNs)
    entry.votes = Math.min(entry.votes + 1, VOTES_MAX);
  else if (entry.votes > 0) entry.votes--;
  else {
    entry.suspect = by;
    entry.suspectStartedNs = by.startedNs;
    entry.votes = 1;
  }
}
