import type { Instant } from '../../core/model/units.ts';
import { after, ascii, unsignedAt, valueAfter } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Source } from './controllers.ts';
import { mayHaveGrown } from './known.ts';
import type { Into } from './writable.ts';

const USAGE_US = ascii('usage_usec');
const PERIODS = ascii('nr_periods');
const THROTTLED_PERIODS = ascii('nr_throttled');
const THROTTLED_US = ascii('throttled_usec');
const THROTTLED_NS = ascii('throttled_time');
const BLANK = ascii(' ');

export const CPU_STAT: CgroupFile = { hierarchy: 'unified', name: 'cpu.stat' };
const STAT_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.stat' };
const USAGE_V1: CgroupFile = { hierarchy: 'cpuacct', name: 'cpuacct.usage' };
const WEIGHT: CgroupFile = { hierarchy: 'unified', name: 'cpu.weight' };
const SHARES_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.shares' };
const MAX: CgroupFile = { hierarchy: 'unified', name: 'cpu.max' };
const QUOTA_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.cfs_quota_us' };
const PERIOD_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.cfs_period_us' };

/** `cpu.weight` of a cgroup with `cpu.idle` is told as 0; the scheduler gives it WEIGHT_IDLEPRIO, 3 where others have 1024 for 100. */
const IDLE_WEIGHT = (3 / 1024) * 100;

/** Usage is told in v2 with and without its controller; how often the quota held tasks back only with it. */
export function readCpuUse(kept: KeptFiles, cgroup: Cgroup, source: Source, at: Instant, into: Into): void {
  const { scratch } = kept;
  const length = kept.read(cgroup, CPU_STAT, at);

  into.cpuUsageSeconds = valueAfter(scratch.bytes, length, USAGE_US) / 1e6;
  if (source !== 'v1') {
    into.periods = valueAfter(scratch.bytes, length, PERIODS);
    into.throttledPeriods = valueAfter(scratch.bytes, length, THROTTLED_PERIODS);
    into.throttledSeconds = valueAfter(scratch.bytes, length, THROTTLED_US) / 1e6;
  }
  if (Number.isNaN(into.cpuUsageSeconds)) into.cpuUsageSeconds = kept.readNumber(cgroup, USAGE_V1, at) / 1e9;
}

/** What v2 tells in the file of the usage. */
export function readThrottlingV1(kept: KeptFiles, cgroup: Cgroup, at: Instant, into: Into): void {
  if (!mayHaveGrown(into.periods, into.cpuQuotaCores)) return;
  const { scratch } = kept;
  const length = kept.read(cgroup, STAT_V1, at);

  into.periods = valueAfter(scratch.bytes, length, PERIODS);
  into.throttledPeriods = valueAfter(scratch.bytes, length, THROTTLED_PERIODS);
  into.throttledSeconds = valueAfter(scratch.bytes, length, THROTTLED_NS) / 1e9;
}

/** Missing in v2 where the controller is not enabled: then its tasks compete each by itself, a level higher. */
export function readCpuLimits(kept: KeptFiles, cgroup: Cgroup, source: Source, into: Into): void {
  into.cpuWeight = Number.NaN;
  into.cpuQuotaCores = Number.NaN;
  if (source === 'none') return;

  into.cpuWeight = weightOf(kept.numberOnce(cgroup, source === 'v2' ? WEIGHT : SHARES_V1));
  into.cpuQuotaCores = source === 'v2' ? quotaCores(kept, cgroup) : quotaCoresV1(kept, cgroup);
}

/** `max 100000` has no digits where the quota stands, so that it is NaN as it should. */
function quotaCores(kept: KeptFiles, cgroup: Cgroup): number {
  const length = kept.readOnce(cgroup, MAX);
  const { bytes } = kept.scratch;

  return unsignedAt(bytes, 0, length) / unsignedAt(bytes, Math.max(0, after(bytes, 0, length, BLANK)), length);
}

const weightOf = (told: number): number => (told === 0 ? IDLE_WEIGHT : told);

/** No quota is -1, which is no digit either. */
function quotaCoresV1(kept: KeptFiles, cgroup: Cgroup): number {
  const quota = kept.numberOnce(cgroup, QUOTA_V1);

  return Number.isNaN(quota) ? quota : quota / kept.numberOnce(cgroup, PERIOD_V1);
}
