import type { Instant } from '../core/model/units.ts';

/** At first an engine may not have written down yet what it started; later it is asked whether somebody else knows. */
const PAUSES_MS = [100, 400, 2_000, 10_000, 60_000];
/** What nobody knew after that is not asked for again, until a source comes or comes back. */
const TRIES_MAX = PAUSES_MS.length;
/** But for while a source fails, which may know it: one that tells no events is not heard to come back. */
const SLOW_MS = 60_000;

interface Want {
  tries: number;
  dueAt: Instant;
  /** Its cgroup is no more; an engine may still know it. */
  isGone: boolean;
}

/** Containers whose names nobody told yet. */
export class Wanted {
  /** For want of room; those are asked for when their cgroup is met again, or never. */
  refused = 0;
  readonly #max: number;
  readonly #wants = new Map<string, Want>();

  constructor(max = 16_384) {
    this.#max = max;
  }

  /** Those that were given up included. */
  get size(): number {
    return this.#wants.size;
  }

  /** Tells when it must be asked for; Infinity when there is no room, or it is wanted already. */
  add(id: string, at: Instant): Instant {
    if (this.#wants.has(id)) return Number.POSITIVE_INFINITY;
    if (this.#wants.size >= this.#max && !this.#dropOne()) {
      this.refused++;
      return Number.POSITIVE_INFINITY;
    }
    const dueAt = at + PAUSES_MS[0]!;
    this.#wants.set(id, { tries: 0, dueAt, isGone: false });
    return dueAt;
  }

  /** Somebody knows more of it: no reason to wait. */
  hasten(id: string, at: Instant): void {
    this.#wants.delete(id);
    this.add(id, at - PAUSES_MS[0]!);
  }

  /** Somebody came who may know them. */
  hastenAll(at: Instant): void {
    for (const want of this.#wants.values()) {
      want.tries = 0;
      want.dueAt = at;
    }
  }

  /** Its name is known, or does not matter any more. */
  delete(id: string): void {
    this.#wants.delete(id);
  }

  /** Asked for to the end all the same, but not kept for somebody who may come. */
  gone(id: string): void {
    const want = this.#wants.get(id);
    if (want === undefined) return;
    want.isGone = true;
    if (want.tries >= TRIES_MAX) this.#wants.delete(id);
  }

  due(at: Instant, max: number): string[] {
    return this.#wants
      .entries()
      .filter(([, { dueAt }]) => dueAt <= at)
      .take(max)
      .map(([id]) => id)
      .toArray();
  }

  /** Nobody knew it this time. */
  missed(id: string, at: Instant): void {
    this.#tried(id, at, Number.POSITIVE_INFINITY);
  }

  /** Nobody of those who answered knew it, and somebody did not answer. */
  unanswered(id: string, at: Instant): void {
    this.#tried(id, at, SLOW_MS);
  }

  /** Nobody could be asked: that was no try. */
  postpone(id: string, until: Instant): void {
    const want = this.#wants.get(id);
    if (want !== undefined) want.dueAt = until;
  }

  /** When somebody must be asked next; Infinity when there is nobody to ask for. */
  nextAt(): Instant {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#wants.values()) next = Math.min(next, dueAt);
    return next;
  }

  #tried(id: string, at: Instant, lastPauseMs: number): void {
    const want = this.#wants.get(id);
    if (want === undefined) return;
    want.tries++;
    want.dueAt = at + (PAUSES_MS[want.tries] ?? lastPauseMs);
    if (want.isGone && want.tries >= TRIES_MAX) this.#wants.delete(id);
  }

  /** Of those that were given up, or are asked for only now and then, the oldest. */
  #dropOne(): boolean {
    const [id] = this.#wants.entries().find(([, { tries }]) => tries >= TRIES_MAX) ?? [];
    return id !== undefined && this.#wants.delete(id);
  }
}
