/** What the event stream tells of, one by one. */
export const STREAM_KINDS = ['fork', 'exec', 'exit', 'long-wait', 'storm', 'oom', 'incident'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];
