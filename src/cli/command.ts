import type { Shell } from './shell.ts';

/** A flag of one command, beside `--help`, `--json` and the configuration's. */
export interface OwnFlag {
  /** Without its dashes. */
  readonly name: string;
  readonly summary: string;
  /** What follows it, such as `NAME`; absent: nothing does. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** The value is a path. */
  readonly isPath?: boolean;
  /** The value may be left out, and is joined by `=` where it is not. */
  readonly isOptional?: boolean;
}

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
  readonly flags?: readonly OwnFlag[];
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
