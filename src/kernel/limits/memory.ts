import type { Instant } from '../../core/model/units.ts';
import { ascii, valueAfter } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Source } from './controllers.ts';
import { type Known, mayHaveGrown } from './known.ts';
import type { Into } from './writable.ts';

const ANONYMOUS = ascii('anon');
const TOTAL_RSS = ascii('total_rss');
const HIGH = ascii('high');
const MAX = ascii('max');
const OOM = ascii('oom');
const OOM_KILL = ascii('oom_kill');

const CURRENT: CgroupFile = { hierarchy: 'unified', name: 'memory.current' };
const CURRENT_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.usage_in_bytes' };
const STAT: CgroupFile = { hierarchy: 'unified', name: 'memory.stat' };
const STAT_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.stat' };
const LIMIT: CgroupFile = { hierarchy: 'unified', name: 'memory.max' };
const LIMIT_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.limit_in_bytes' };
const SLOWED: CgroupFile = { hierarchy: 'unified', name: 'memory.high' };
/** Without `.local` an event counts in every ancestor too, and a sum over cgroups would count it twice. */
const EVENTS: CgroupFile = { hierarchy: 'unified', name: 'memory.events.local' };
const FAILURES_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.failcnt' };
const OOM_CONTROL_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.oom_control' };

/** v1 has no word for "no limit": it says the largest multiple of a page below 2^63. */
const NO_LIMIT_BYTES = 2 ** 62;

export function readMemory(kept: KeptFiles, cgroup: Cgroup, source: Source, at: Instant, into: Into): void {
  into.memoryBytes =
    source === 'none' ? Number.NaN : kept.readNumber(cgroup, source === 'v2' ? CURRENT : CURRENT_V1, at);
}

/** The dearest file of all: the kernel sums up dozens of figures for it. */
export function readAnonymous(kept: KeptFiles, cgroup: Cgroup, source: Source, into: Into): void {
  const length = source === 'none' ? -1 : kept.readOnce(cgroup, source === 'v2' ? STAT : STAT_V1);

  into.anonymousBytes = valueAfter(kept.scratch.bytes, length, source === 'v2' ? ANONYMOUS : TOTAL_RSS);
}

export function readMemoryEvents(kept: KeptFiles, cgroup: Cgroup, source: Source, at: Instant, known: Known): void {
  const { scratch } = kept;
  const { event: into, memoryLimitBytes } = known;
  const length = source === 'v2' ? kept.read(cgroup, EVENTS, at) : -1;

  into.memoryHighEvents = valueAfter(scratch.bytes, length, HIGH);
  into.memoryOomEvents = valueAfter(scratch.bytes, length, OOM);
  if (source === 'v1') {
    if (mayHaveGrown(into.memoryMaxEvents, memoryLimitBytes))
      into.memoryMaxEvents = kept.readNumber(cgroup, FAILURES_V1, at);
    into.oomKills = valueAfter(scratch.bytes, kept.read(cgroup, OOM_CONTROL_V1, at), OOM_KILL);
  } else {
    into.memoryMaxEvents = valueAfter(scratch.bytes, length, MAX);
    into.oomKills = valueAfter(scratch.bytes, length, OOM_KILL);
  }
}

/** Returns its own limit, which may not be the tightest. `max` has no digits, so that it is NaN as it should. */
export function readMemoryLimits(kept: KeptFiles, cgroup: Cgroup, source: Source, into: Into): number {
  const bytes = source === 'none' ? Number.NaN : kept.numberOnce(cgroup, source === 'v2' ? LIMIT : LIMIT_V1);

  into.memoryHighBytes = source === 'v2' ? kept.numberOnce(cgroup, SLOWED) : Number.NaN;
  return bytes < NO_LIMIT_BYTES ? bytes : Number.NaN;
}
