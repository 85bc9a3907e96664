/** What a list of workloads may be ordered by, the most first. `stall`: that it causes; `wait`: that it suffers. */
export const WORKLOAD_SORTS = ['cpu', 'memory', 'stall', 'wait', 'throttled', 'processes', 'pids'] as const;
export type WorkloadSort = (typeof WORKLOAD_SORTS)[number];
