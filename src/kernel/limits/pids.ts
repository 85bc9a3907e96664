import type { CgroupLimitsEvent } from '../../core/model/event.ts';
import type { Instant } from '../../core/model/units.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Writable } from './writable.ts';

const CURRENT: CgroupFile = { hierarchy: 'unified', name: 'pids.current' };
const CURRENT_V1: CgroupFile = { hierarchy: 'pids', name: 'pids.current' };
const MAX: CgroupFile = { hierarchy: 'unified', name: 'pids.max' };
const MAX_V1: CgroupFile = { hierarchy: 'pids', name: 'pids.max' };

/** `max` has no digits, so that it is NaN as it should. */
export function readPids(kept: KeptFiles, cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
  into.pids = kept.readNumber(cgroup, CURRENT, at);
  into.pidsMax = kept.readNumber(cgroup, MAX, at);
  if (!Number.isNaN(into.pids)) return;

  into.pids = kept.readNumber(cgroup, CURRENT_V1, at);
  into.pidsMax = kept.readNumber(cgroup, MAX_V1, at);
}
