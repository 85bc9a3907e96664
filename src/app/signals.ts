import type { EventEmitter } from 'node:events';

/** What the process hears from outside. */
export interface Signals {
  /** Resolves with why when it is told to stop. */
  readonly stopped: Promise<string>;
  /** At once, too, if a reload was asked for before. */
  onReload(reload: () => void): void;
}

/** Of a process. SIGHUP is taken from the first moment on: one that nobody hears, while we start, would end us. */
export function listenToSignals(process: EventEmitter): Signals {
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  let isAsked = false;
  let take = () => {
    isAsked = true;
  };
  process.on('SIGHUP', () => take());
  return {
    stopped,
    onReload(reload) {
      take = reload;
      if (isAsked) reload();
    },
  };
}
