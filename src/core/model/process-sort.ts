/** What a list of processes may be ordered by, the most first. */
export const PROCESS_SORTS = ['cpu', 'rss', 'forks', 'stall'] as const;
export type ProcessSort = (typeof PROCESS_SORTS)[number];
