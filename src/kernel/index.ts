export { type Check, type ChecksOptions, checkHost } from './checks.ts';
export type { CollectorReading } from './collectors.ts';
export type { EventCount } from './event-counts.ts';
export type { GovernorReading, Level } from './governor.ts';
export { type HostIdentity, identifyHost } from './host.ts';
export { Kernel, type KernelOptions, openKernel } from './kernel.ts';
export type { Probe } from './probes.ts';
export { readSelf, type SelfReading } from './self.ts';
export type { MapReading } from './sense.ts';
