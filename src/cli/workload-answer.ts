/** What we read of what `GET /workloads` answers. */
export interface WorkloadsAnswer {
  readonly total: number;
  readonly matched: number;
  readonly workloads: readonly WorkloadTold[];
  readonly degraded: readonly string[];
}

/** null is not known. */
export interface WorkloadTold {
  readonly workload: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly processes: number;
  readonly cpuRatio: number | null;
  readonly memoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly residentBytes: number | null;
  readonly pids: number | null;
  readonly pidsLimit: number | null;
  readonly throttledRatio: number | null;
  readonly stallCausedRatio: number | null;
  readonly stallSufferedRatio: number | null;
}
