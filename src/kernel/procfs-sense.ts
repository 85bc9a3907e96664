import { ProcfsSnapshots } from './procfs.ts';
import type { MapReading, Sense, SenseContext } from './sense.ts';

/** Sees what `/proc` shows when one looks: a process that came and went in between is only in its parent's sums. */
export class ProcfsSense implements Sense {
  readonly mode = 'procfs';
  readonly snapshotShare = 0.02;
  readonly tellsCgroups = false;

  readonly #context: SenseContext;
  readonly #snapshots: ProcfsSnapshots;

  constructor(context: SenseContext) {
    this.#context = context;
    this.#snapshots = new ProcfsSnapshots(context);
  }

  start(): void {}

  snapshot(): Promise<number> {
    const { collectors, schedule } = this.#context;

    return collectors.runSlowly('snapshot', () => this.#snapshots.take(() => schedule.stopped));
  }

  observeIoPressure(): void {}

  probes(): [] {
    return [];
  }

  maps(): MapReading[] {
    return [];
  }

  eventCounts(): [] {
    return [];
  }

  unreadable(): number {
    return 0;
  }

  missedWaits(): ReadonlyMap<string, number> {
    return new Map();
  }

  close(): void {}
}
