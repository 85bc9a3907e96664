import type { CgroupLimitsEvent } from '../../core/model/event.ts';
import type { CgroupId, Instant } from '../../core/model/units.ts';
import { ascii, valueAfter } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Writable } from './writable.ts';

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

export class MemoryFacts {
  readonly #kept: KeptFiles;
  /** The tightest of a cgroup and its ancestors, within a pass. */
  readonly #tightest = new Map<CgroupId, number>();

  constructor(kept: KeptFiles) {
    this.#kept = kept;
  }

  /** A pass begins: parents will be read before their children. */
  begin(): void {
    this.#tightest.clear();
  }

  read(cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
    into.memoryBytes = this.#kept.readNumber(cgroup, CURRENT, at);
    into.memoryLimitBytes = this.#tightestLimit(cgroup, this.#kept.readNumber(cgroup, LIMIT, at), at);
    into.memoryHighBytes = this.#kept.readNumber(cgroup, SLOWED, at);
    this.#readStat(cgroup, at, into);
    this.#readEvents(cgroup, at, into);
    if (Number.isNaN(into.memoryBytes)) into.memoryBytes = this.#kept.readNumber(cgroup, CURRENT_V1, at);
  }

  #readStat(cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
    const length = this.#kept.read(cgroup, STAT, at);
    const key = length < 0 ? TOTAL_RSS : ANONYMOUS;
    into.anonymousBytes = this.#valueIn(length < 0 ? this.#kept.read(cgroup, STAT_V1, at) : length, key);
  }

  #readEvents(cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
    const length = this.#kept.read(cgroup, EVENTS, at);
    into.memoryHighEvents = this.#valueIn(length, HIGH);
    into.memoryMaxEvents = this.#valueIn(length, MAX);
    into.memoryOomEvents = this.#valueIn(length, OOM);
    into.oomKills = this.#valueIn(length, OOM_KILL);
    if (length >= 0) return;

    into.memoryMaxEvents = this.#kept.readNumber(cgroup, FAILURES_V1, at);
    into.oomKills = this.#valueIn(this.#kept.read(cgroup, OOM_CONTROL_V1, at), OOM_KILL);
  }

  /** `max` has no digits, so that it is NaN as it should. */
  #tightestLimit(cgroup: Cgroup, v2: number, at: Instant): number {
    const bytes = Number.isNaN(v2) ? this.#kept.readNumber(cgroup, LIMIT_V1, at) : v2;
    const own = bytes < NO_LIMIT_BYTES ? bytes : Number.NaN;
    const inherited = (cgroup.parent && this.#tightest.get(cgroup.parent.id)) ?? Number.NaN;
    const tightest = Number.isNaN(inherited) ? own : Math.min(inherited, Number.isNaN(own) ? inherited : own);

    this.#tightest.set(cgroup.id, tightest);
    return tightest;
  }

  #valueIn(length: number, key: Uint8Array): number {
    return length < 0 ? Number.NaN : valueAfter(this.#kept.scratch.bytes, length, key);
  }
}
