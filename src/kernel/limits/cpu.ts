import type { CgroupLimitsEvent } from '../../core/model/event.ts';
import type { Instant } from '../../core/model/units.ts';
import { after, ascii, unsignedAt, valueAfter } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Writable } from './writable.ts';

const USAGE_US = ascii('usage_usec');
const PERIODS = ascii('nr_periods');
const THROTTLED_PERIODS = ascii('nr_throttled');
const THROTTLED_US = ascii('throttled_usec');
const THROTTLED_NS = ascii('throttled_time');
const BLANK = ascii(' ');

const STAT: CgroupFile = { hierarchy: 'unified', name: 'cpu.stat' };
const STAT_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.stat' };
const USAGE_V1: CgroupFile = { hierarchy: 'cpuacct', name: 'cpuacct.usage' };
const WEIGHT: CgroupFile = { hierarchy: 'unified', name: 'cpu.weight' };
const SHARES_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.shares' };
const MAX: CgroupFile = { hierarchy: 'unified', name: 'cpu.max' };
const QUOTA_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.cfs_quota_us' };
const PERIOD_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.cfs_period_us' };

/** `cpu.weight` of a cgroup with `cpu.idle` is told as 0; the scheduler gives it WEIGHT_IDLEPRIO, 3 where others have 1024 for 100. */
const IDLE_WEIGHT = (3 / 1024) * 100;

export function readCpu(kept: KeptFiles, cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
  readStat(kept, cgroup, at, into);
  into.cpuQuotaCores = quotaCores(kept, cgroup, at);
  into.cpuWeight = weight(kept, cgroup, at);
}

/** Usage is told in v2 with and without its controller; how often the quota held tasks back only with it. */
function readStat(kept: KeptFiles, cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
  const { scratch } = kept;
  const length = kept.read(cgroup, STAT, at);
  into.cpuUsageSeconds = valueAfter(scratch.bytes, length, USAGE_US) / 1e6;
  into.periods = valueAfter(scratch.bytes, length, PERIODS);
  into.throttledPeriods = valueAfter(scratch.bytes, length, THROTTLED_PERIODS);
  into.throttledSeconds = valueAfter(scratch.bytes, length, THROTTLED_US) / 1e6;

  if (Number.isNaN(into.cpuUsageSeconds)) into.cpuUsageSeconds = kept.readNumber(cgroup, USAGE_V1, at) / 1e9;
  if (!Number.isNaN(into.periods)) return;
  const lengthV1 = kept.read(cgroup, STAT_V1, at);
  into.periods = valueAfter(scratch.bytes, lengthV1, PERIODS);
  into.throttledPeriods = valueAfter(scratch.bytes, lengthV1, THROTTLED_PERIODS);
  into.throttledSeconds = valueAfter(scratch.bytes, lengthV1, THROTTLED_NS) / 1e9;
}

/** `max 100000` and -1 have no digits where the quota stands, so that they are NaN as they should. */
function quotaCores(kept: KeptFiles, cgroup: Cgroup, at: Instant): number {
  const length = kept.read(cgroup, MAX, at);
  if (length < 0) return kept.readNumber(cgroup, QUOTA_V1, at) / kept.readNumber(cgroup, PERIOD_V1, at);

  const { bytes } = kept.scratch;
  return unsignedAt(bytes, 0, length) / unsignedAt(bytes, after(bytes, 0, length, BLANK), length);
}

/** Missing in v2 where the controller is not enabled: then its tasks compete each by itself, a level higher. */
function weight(kept: KeptFiles, cgroup: Cgroup, at: Instant): number {
  const v2 = kept.readNumber(cgroup, WEIGHT, at);

  if (v2 === 0) return IDLE_WEIGHT;
  return Number.isNaN(v2) ? kept.readNumber(cgroup, SHARES_V1, at) : v2;
}
