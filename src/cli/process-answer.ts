import type { TaskState } from '../core/model/process.ts';

/** What we read of what `GET /processes` answers. */
export interface ProcessesAnswer {
  readonly total: number;
  readonly matched: number;
  readonly processes: readonly ProcessTold[];
  readonly degraded: readonly string[];
}

/** What we read of what `GET /graph/{pid}` answers. */
export interface GraphAnswer {
  /** The nearest first. */
  readonly ancestors: readonly (ProcessTold & { readonly hasEnded: boolean })[];
  readonly ancestorsLeftOut: number;
  readonly root: GraphTold;
  readonly degraded: readonly string[];
}

/** What we read of what `GET /graph` answers. */
export interface ForestAnswer {
  readonly roots: readonly GraphTold[];
  readonly degraded: readonly string[];
}

/** null is not known. */
export interface ProcessTold {
  readonly pid: number;
  readonly ageSeconds: number;
  readonly comm: string;
  readonly exe: string;
  readonly argv: readonly string[];
  readonly uid: number;
  readonly user: string | null;
  readonly workload: { readonly name: string } | null;
  readonly state: TaskState;
  readonly isKernelThread: boolean;
  readonly cpuRatio: number | null;
  readonly residentBytes: number | null;
  readonly growthBytesPerSecond: number | null;
  readonly forksPerSecond: number | null;
  readonly stallRatio: number | null;
}

export interface GraphTold extends ProcessTold {
  readonly subtree: { readonly processes: number; readonly cpuRatio: number | null };
  readonly leftOut: { readonly children: number; readonly processes: number };
  readonly children: readonly GraphTold[];
}
