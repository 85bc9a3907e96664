import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';

export interface TreeOptions {
  /** Living processes; more are refused, and counted. */
  readonly processesMax?: number;
  /** Ended processes that are remembered, for so long at most. Default 256: 2,048 cost a third of a microsecond more per process. */
  readonly endedMax?: number;
  readonly endedAgeMsMax?: number;
  /** Just left the tree. What is asked about it now is still true. */
  readonly onEnd?: (process: Process, at: Instant) => void;
  /** Nobody can find it any more; its object and slot will be another's. */
  readonly onForget?: (process: Process) => void;
}
