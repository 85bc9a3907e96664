#!/usr/bin/env node
/** The composition root: owns the process, its signals and its streams; the rest it hands on. */
import { readFileSync } from 'node:fs';
import { BUILD } from './app/build.ts';
import { run } from './app/run.ts';
import { listenToSignals } from './app/signals.ts';
import { main } from './cli/index.ts';
import { checkHost } from './kernel/checks.ts';

/** A reader that has seen enough goes away, as head(1) does: that is no failure of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  run: (loaded, reload) => run(loaded, reload, listenToSignals(process)).finally(leaveSoon),
  doctor: ({ roots, kernel }) => checkHost({ roots, ...kernel }),
  replay: async (file, tune) => (await import('./app/replay/replay.ts')).replay(file, tune),
  stopping,
  version: BUILD,
  readFile: readFileSync,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});

/** A push that hangs would hold the process until its own timeout. */
function leaveSoon(): void {
  setTimeout(() => process.exit(), 100).unref();
}

/** A reader that went away is told like a signal. */
function stopping(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  return stop.signal;
}
