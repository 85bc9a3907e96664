import { constants } from 'node:os';

/**
 * A signal would end this process without its exit listeners, and what they clear would stay: hogs that left for init, cgroups, folders.
 *
 * Whoever listens as well ends by itself.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal]);
  });
