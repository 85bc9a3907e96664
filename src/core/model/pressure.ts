export const RESOURCES = ['cpu', 'memory', 'io', 'irq'] as const;
/** What a task can stall on, in the kernel's pressure files. */
export type Resource = (typeof RESOURCES)[number];
