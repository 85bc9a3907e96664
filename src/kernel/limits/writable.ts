import type { CgroupLimitsEvent } from '../../core/model/event.ts';

/** An event while it is filled in. */
export type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** What readings fill in. */
export type Into = Writable<CgroupLimitsEvent>;
