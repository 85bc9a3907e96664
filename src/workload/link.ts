import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkloadNames } from '../core/model/names.ts';
import type { Instant } from '../core/model/units.ts';
import type { Hearing, Source } from './source.ts';

const LOOKUP_MS_MAX = 10_000;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 30_000;

export type Outcome = 'ok' | 'error';

/** How it stands with a source. */
export interface LinkReading {
  readonly source: string;
  /** Whether its last answer, or the end of its stream, was none of a failure. Undefined while it was never asked. */
  readonly success: boolean | undefined;
  readonly reason: string | undefined;
  readonly listens: boolean;
  readonly requests: Readonly<Record<Outcome, number>>;
  /** Containers whose names it told. */
  readonly names: number;
}

/** Keeps up with one source: asks it, listens to it, leaves it alone for a while when it fails. */
export class Link {
  readonly #source: Source;
  readonly #hearing: Hearing;
  readonly #now: () => Instant;
  readonly #onReturn: () => void;
  readonly #ended = new AbortController();
  readonly #requests = { ok: 0, error: 0 };
  #names = 0;
  #success: boolean | undefined;
  #reason: string | undefined;
  #listens = false;
  #pauseMs = PAUSE_MS_MIN;
  #restUntil: Instant = Number.NEGATIVE_INFINITY;

  /** `onReturn` is called when it answers that did not. */
  constructor(source: Source, hearing: Hearing, now: () => Instant, onReturn: () => void) {
    this.#source = source;
    this.#now = now;
    this.#onReturn = onReturn;
    this.#hearing = {
      ...hearing,
      named: (names) => {
        this.#names++;
        hearing.named(names);
      },
    };
  }

  /** Resolves when the source has told that it has no events, or when it is closed. Never rejects. */
  async listen(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        const hasEvents = await this.#source.listen(this.#hearing, () => this.#opened(), signal);
        if (!hasEvents) return;
        this.#listens = false;
        this.#failed('it ended its events');
      } catch (error) {
        this.#listens = false;
        this.#failed(error);
      }
      await sleep(this.#pauseMs, undefined, { signal, ref: false }).catch(() => {}); // closed meanwhile
    }
  }

  /** Empty, too, while it is left alone. Never rejects. */
  async lookUp(containerIds: readonly string[]): Promise<readonly WorkloadNames[]> {
    if (this.#now() < this.#restUntil || this.#ended.signal.aborted) return [];
    try {
      const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(LOOKUP_MS_MAX)]);
      const found = await this.#source.lookUp(containerIds, signal);
      this.#requests.ok++;
      this.#names += found.length;
      this.#works();
      return found;
    } catch (error) {
      this.#requests.error++;
      this.#failed(error);
      return [];
    }
  }

  get isLastResort(): boolean {
    return this.#source.isLastResort === true;
  }

  reading(): LinkReading {
    const { name } = this.#source;
    const [success, reason, listens, names] = [this.#success, this.#reason, this.#listens, this.#names];
    return { source: name, success, reason, listens, requests: { ...this.#requests }, names };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#source.close();
  }

  #opened(): void {
    this.#listens = true;
    this.#works();
  }

  #works(): void {
    const wasAway = this.#success === false;
    this.#success = true;
    this.#reason = undefined;
    this.#pauseMs = PAUSE_MS_MIN;
    this.#restUntil = Number.NEGATIVE_INFINITY;
    if (wasAway) this.#onReturn();
  }

  #failed(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#success = false;
    this.#reason = reasonOf(error);
    this.#restUntil = this.#now() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MS_MAX);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A stranger's words: one line of them is enough.
  return error.message.split('\n', 1)[0]!.slice(0, 200);
}
