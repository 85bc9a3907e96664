import type { WorkloadNames } from '../core/model/names.ts';
import type { Instant } from '../core/model/units.ts';
import { Listening } from './listening.ts';
import type { Hearing, Source } from './source.ts';

const LOOKUP_MS_MAX = 10_000;
const REST_MS_MIN = 1_000;
const REST_MS_MAX = 30_000;

export type Outcome = 'ok' | 'error';

/** What came of a question: names, maybe none; or no answer; or it was not asked at all. */
export type Answer = readonly WorkloadNames[] | 'failed' | 'resting';

/** How it stands with a source. */
export interface LinkReading {
  readonly source: string;
  /** Whether its last answer was none of a failure; of who was not asked, whether it is listened to. Undefined at first. */
  readonly success: boolean | undefined;
  /** Of a failure, also where only its events fail. */
  readonly reason: string | undefined;
  readonly listens: boolean;
  readonly requests: Readonly<Record<Outcome, number>>;
  /** Containers whose names it told. */
  readonly names: number;
}

/**
 * Keeps up with one source: asks it, listens to it, leaves it alone for a while when it does not answer.
 *
 * Who answers may have no events, or none for us: a proxy before Docker's socket refuses `/events` by default.
 */
export class Link {
  readonly #source: Source;
  readonly #listening: Listening;
  readonly #now: () => Instant;
  readonly #onReturn: () => void;
  readonly #ended = new AbortController();
  readonly #requests = { ok: 0, error: 0 };
  #names = 0;
  /** Undefined, too, since a stream broke: only then nothing else tells that an engine is gone whom nobody asks. */
  #answers: boolean | undefined;
  #fault: unknown;
  #restMs = REST_MS_MIN;
  #restUntil: Instant = Number.NEGATIVE_INFINITY;

  /** `onReturn` is called when it answers that did not, or tells that had stopped. */
  constructor(source: Source, hearing: Hearing, now: () => Instant, onReturn: () => void) {
    this.#source = source;
    this.#now = now;
    this.#onReturn = onReturn;
    this.#listening = new Listening({
      source,
      hearing: {
        ...hearing,
        named: (names) => {
          this.#names++;
          hearing.named(names);
        },
      },
      now,
      onLost: () => {
        if (this.#answers === true) this.#answers = undefined;
      },
      onReturn: () => this.#returned(),
    });
  }

  /** Resolves when the source has no events to tell, or when it is closed. Never rejects. */
  listen(): Promise<void> {
    return this.#listening.run(this.#ended.signal);
  }

  /** Never rejects. */
  async lookUp(containerIds: readonly string[]): Promise<Answer> {
    if (this.#now() < this.#restUntil || this.#ended.signal.aborted) return 'resting';
    try {
      const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(LOOKUP_MS_MAX)]);
      const found = await this.#source.lookUp(containerIds, signal);
      this.#requests.ok++;
      this.#names += found.length;
      this.#answered();
      return found;
    } catch (error) {
      this.#requests.error++;
      this.#failed(error);
      return 'failed';
    }
  }

  get isLastResort(): boolean {
    return this.#source.isLastResort === true;
  }

  /** Until then it is not asked. */
  get restUntil(): Instant {
    return this.#restUntil;
  }

  reading(): LinkReading {
    const { isOpen, fault } = this.#listening;
    const listens = isOpen || (fault === undefined ? undefined : false);
    return {
      source: this.#source.name,
      success: this.#answers ?? listens,
      reason: reasonOf(this.#fault ?? fault),
      listens: isOpen,
      requests: { ...this.#requests },
      names: this.#names,
    };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#source.close();
  }

  #returned(): void {
    if (this.#answers === false) this.#answers = undefined;
    this.#fault = undefined;
    this.#restUntil = Number.NEGATIVE_INFINITY;
    this.#onReturn();
  }

  #answered(): void {
    const wasAway = this.#answers === false;
    this.#answers = true;
    this.#fault = undefined;
    this.#restMs = REST_MS_MIN;
    if (wasAway) this.#onReturn();
  }

  #failed(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#answers = false;
    this.#fault = error;
    this.#restUntil = this.#now() + this.#restMs;
    this.#restMs = Math.min(this.#restMs * 2, REST_MS_MAX);
  }
}

function reasonOf(fault: unknown): string | undefined {
  if (fault === undefined) return undefined;
  if (!(fault instanceof Error)) return String(fault);
  // A stranger's words: one line of them is enough.
  return fault.message.split('\n', 1)[0]!.slice(0, 200);
}
