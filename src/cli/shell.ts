import type { Config, Environment, Loaded, Sources, Tuned, Valid } from '../config/index.ts';
import type { Replayed } from './replayed.ts';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** One line of `culprit doctor`. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** What the command line sets in motion, and where it writes. */
export interface Shell {
  /** Runs until told to stop; resolves with the exit code. `reload` reads all sources again. */
  run(loaded: Valid, reload: () => Loaded): Promise<number>;
  doctor(config: Config): Promise<readonly Check[]>;
  /** `tune` makes of the settings that the recording tells those by which it is judged. Throws one sentence when the file is none that can be replayed. */
  replay(file: string, tune: (recorded: object) => Tuned): Promise<Replayed>;
  /** From now on a signal to end does not end the process: it aborts this. */
  stopping(): AbortSignal;
  /** `version` first; the rest as it is to be shown. */
  readonly version: { readonly version: string } & Readonly<Record<string, string>>;
  readonly readFile: Sources['readFile'];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
}

/** Documented in `culprit help`. */
export const EXIT = { ok: 0, failure: 1, usage: 2, found: 3 } as const;
