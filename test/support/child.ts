import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endsWithUs } from './ends-with-us.ts';

/** How a process ended: an exit code, or the name of a signal. */
export type End = number | NodeJS.Signals;

/** A server that a test starts. It does not outlive the test's process. */
export class Child {
  readonly pid: number;
  readonly ended: Promise<End>;
  readonly #child: ChildProcess;
  #log = '';

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.#child = endsWithUs(spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] }));
    this.pid = this.#child.pid ?? Number.NaN;
    this.#child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.#log += text;
    });
    // `close` comes after the last byte of the log.
    this.ended = once(this.#child, 'close').then(([code, signal]) => signal ?? code);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** What it wrote to standard error. */
  get log(): string {
    return this.#log;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Signals, and waits for the end. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<End> {
    this.#child.kill(signal);
    return this.ended;
  }
}
