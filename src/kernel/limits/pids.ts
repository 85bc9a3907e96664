import type { Instant } from '../../core/model/units.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Source } from './controllers.ts';
import type { Into } from './writable.ts';

const CURRENT: CgroupFile = { hierarchy: 'unified', name: 'pids.current' };
const CURRENT_V1: CgroupFile = { hierarchy: 'pids', name: 'pids.current' };
const MAX: CgroupFile = { hierarchy: 'unified', name: 'pids.max' };
const MAX_V1: CgroupFile = { hierarchy: 'pids', name: 'pids.max' };

export function readPids(kept: KeptFiles, cgroup: Cgroup, source: Source, at: Instant, into: Into): void {
  into.pids = source === 'none' ? Number.NaN : kept.readNumber(cgroup, source === 'v2' ? CURRENT : CURRENT_V1, at);
}

/** `max` has no digits, so that it is NaN as it should. */
export function readPidsMax(kept: KeptFiles, cgroup: Cgroup, source: Source, into: Into): void {
  into.pidsMax = source === 'none' ? Number.NaN : kept.numberOnce(cgroup, source === 'v2' ? MAX : MAX_V1);
}
