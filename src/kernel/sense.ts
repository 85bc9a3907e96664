import type { Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import type { Cgroups } from './cgroups.ts';
import type { Collectors } from './collectors.ts';
import type { EventCount } from './event-counts.ts';
import type { Governor } from './governor.ts';
import type { CgroupTree } from './mounts.ts';
import type { Probe } from './probes.ts';
import type { Schedule } from './schedule.ts';

/** How full a kernel map is. The ring's entries are bytes that wait, and its capacity is in bytes. */
export interface MapReading {
  readonly map: string;
  readonly entries: number;
  readonly capacity: number;
  /** What the kernel charges for it; NaN where it does not tell. */
  readonly memoryBytes: number;
}

/** What a sense works with. */
export interface SenseContext {
  readonly procRoot: string;
  /** The hierarchy that `cgroups` is of. */
  readonly tree: CgroupTree | undefined;
  /** Where the v1 CPU controller is mounted; undefined when v2 has it. */
  readonly cpuMount: string | undefined;
  /** The same for block devices. */
  readonly ioMount: string | undefined;
  readonly cgroups: Cgroups;
  readonly collectors: Collectors;
  readonly schedule: Schedule;
  /** Says which of the optional senses may cost something now. */
  readonly governor: Governor;
  readonly emit: (event: Event) => void;
  /** Whether who receives the events lacks what only a whole snapshot can tell. */
  readonly isShort: () => boolean;
  readonly now: () => Instant;
}

/** A way to see processes: by probes, or by `/proc` alone. */
export interface Sense {
  readonly mode: 'bpf' | 'procfs';
  /** Share of one core that snapshots may take; their pauses grow with their cost. */
  readonly snapshotShare: number;
  /** Whether new and removed cgroups are told as it happens, so that walks are needed only after a loss. */
  readonly tellsCgroups: boolean;
  /** Begins to receive. Called once. */
  start(): void;
  /** One snapshot and what goes with it; resolves to the milliseconds of CPU that it took. */
  snapshot(): Promise<number>;
  /** Of the whole host, seconds since boot. Optional probes follow it. */
  observeIoPressure(someSeconds: number, at: Instant): void;
  probes(): Probe[];
  maps(): MapReading[];
  eventCounts(): EventCount[];
  /** Records that could not be read. */
  unreadable(): number;
  /** Waits whose end was not seen, since the start, by resource. Those for a CPU are told by its coverage. */
  missedWaits(): ReadonlyMap<string, number>;
  /** Safe to call twice. */
  close(): void;
}
