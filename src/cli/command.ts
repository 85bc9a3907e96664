import type { Shell } from './shell.ts';

/** What a person may type after `culprit`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** A paragraph for `--help`. */
  readonly details: string;
  /** What stands after the name, such as `bash|zsh|fish`. */
  readonly argument?: string;
  /** The words that the argument may be. */
  readonly choices?: () => readonly string[];
  readonly takesConfig: boolean;
  readonly takesJson: boolean;
  /** Resolves with the exit code. */
  readonly execute: (call: Call, shell: Shell) => Promise<number>;
}

/** One use of a command, its own flags taken off. */
export interface Call {
  readonly args: readonly string[];
  readonly wantsJson: boolean;
}
