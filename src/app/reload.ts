import { isDeepStrictEqual } from 'node:util';
import { type Config, describeFaults, type Loaded } from '../config/index.ts';
import type { ReloadOutcome } from '../http/index.ts';
import type { Reloads } from './reading.ts';

/** Keys that a running Culprit takes over; the others shape what was built at its start, or who it says it is. */
const LIVE_KEYS: ReadonlySet<string> = new Set(['log.level', 'groups', 'detectors', 'otlp']);

export interface ReloadOptions {
  readonly config: Config;
  readonly load: () => Loaded;
  /** Takes the new configuration over; it was valid. A rejection keeps the old one. */
  readonly apply: (next: Config) => Promise<void>;
  /** Unix time in milliseconds. */
  readonly wallNow: () => number;
  readonly log: { info(message: string): void; error(message: string): void };
}

/** Swaps a valid configuration for another, whole or not at all; one at a time. */
export class Reloader {
  readonly #options: ReloadOptions;
  #config: Config;
  #last: Reloads;
  #running: Promise<ReloadOutcome> | undefined;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#last = { lastSucceeded: true, lastSuccessAtSeconds: options.wallNow() / 1000 };
  }

  reloads(): Reloads {
    return this.#last;
  }

  /** Never rejects. Those who ask while one is under way get its outcome. */
  reload(): Promise<ReloadOutcome> {
    this.#running ??= this.#reload().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #reload(): Promise<ReloadOutcome> {
    const faults = await this.#take(this.#options.load());
    if (faults !== undefined) {
      this.#last = { ...this.#last, lastSucceeded: false };
      this.#options.log.error(`the configuration is kept, for the new one has faults:\n${faults}`);
      return { ok: false, faults };
    }
    this.#last = { lastSucceeded: true, lastSuccessAtSeconds: this.#options.wallNow() / 1000 };
    this.#options.log.info('the configuration was taken over');
    return { ok: true };
  }

  /** What is wrong with it, or undefined when it is in force. */
  async #take(loaded: Loaded): Promise<string | undefined> {
    if ('faults' in loaded) return describeFaults(loaded.faults);

    const fixed = changedKeys(this.#config, loaded.config).filter((key) => !LIVE_KEYS.has(key));
    if (fixed.length > 0) return fixed.map((key) => `${key}: changes only at a restart`).join('\n');
    try {
      await this.#options.apply(loaded.config);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    this.#config = loaded.config;
    return undefined;
  }
}

function changedKeys(from: Config, to: Config): string[] {
  const [before, after] = [parts(from), parts(to)];
  return Object.keys(after).filter((key) => !isDeepStrictEqual(after[key], before[key]));
}

/** By section; of the log one key is live, the other is not. */
function parts({ log, ...sections }: Config): Record<string, unknown> {
  return { 'log.level': log.level, 'log.format': log.format, ...sections };
}
