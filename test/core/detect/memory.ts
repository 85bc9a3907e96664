import type { CgroupLimitsEvent, HostEvent } from '../../../src/core/model/event.ts';
import { hostTold, limits as limitsOf } from '../support/events.ts';
import type { TestHost } from './host.ts';

export const MIB = 1 << 20;
export const MINUTE = 60;
export const HOUR = 3_600;

type Mib = (second: number) => number;

export interface Course {
  /** By pid, what it holds; who is not named is gone. */
  readonly of: Readonly<Record<number, Mib>>;
  readonly limitMib?: number;
  /** What no process has, or what all share. */
  readonly filesMib?: Mib;
  readonly sharedMib?: Mib;
  readonly availableMib?: Mib;
  /** How it ends: as soon as something is open. */
  readonly untilOpen?: boolean;
}

/** Seconds pass in web.service: processes are told of each second, its files each five. Returns how many passed. */
export function live(linux: TestHost, seconds: number, course: Course): number {
  const { of, limitMib = Number.NaN, filesMib = () => 0, sharedMib = () => 0, untilOpen = false } = course;
  const { availableMib = () => 65_536 } = course;
  const pids = Object.keys(of).map(Number);
  for (let second = 0; second < seconds; second++) {
    const held = pids.map((pid) => of[pid]!(second));
    const anonymousMib = held.reduce((sum, mib) => sum + mib, 0);
    if (second % 5 === 0) linux.tell(limits(linux, anonymousMib, limitMib));
    linux.tell(hostWith(linux, availableMib(second)));
    linux.snapshot(
      ...pids.map((pid, index) => ({
        pid,
        parentPid: linux.engine.tree.get(pid)?.parentPid ?? 1,
        parentStartedNs: linux.engine.tree.get(pid)?.parentStartedNs ?? 1,
        anonymousBytes: held[index]! * MIB,
        fileBytes: filesMib(second) * MIB,
        sharedBytes: sharedMib(second) * MIB,
        swapBytes: 0,
      })),
    );
    linux.pass(1_000);
    if (untilOpen && linux.open.length > 0) return second;
  }
  return seconds;
}

export function limits(
  { now: at }: TestHost,
  anonymousMib: number,
  limitMib: number,
  cgroupId = 100,
): CgroupLimitsEvent {
  const anonymousBytes = anonymousMib * MIB;
  return limitsOf(cgroupId, { at, memoryBytes: anonymousBytes, anonymousBytes, memoryLimitBytes: limitMib * MIB });
}

function hostWith({ now: at }: TestHost, availableMib: number): HostEvent {
  return hostTold({
    at,
    memoryTotalBytes: 65_536 * MIB,
    memoryAvailableBytes: availableMib * MIB,
    swapFreeBytes: 0,
  });
}
