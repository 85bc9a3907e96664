import { shorten, withoutControls } from '../text.ts';
import type { Workload } from '../workload.ts';
import { containerAt } from './container.ts';
import { machineAt } from './machine.ts';
import { podOf, podUidOf } from './pod.ts';
import { unescaped } from './unescaped.ts';

/** What a path says, and whether the cgroup is the whole workload or only a part inside of it. */
export interface Identity {
  readonly workload: Workload;
  readonly isWhole: boolean;
}

export const HOST: Workload = { kind: 'host', name: 'host' };
export const OTHER_WORKLOAD: Workload = { kind: 'other', name: '~other' };

/** Below what any reader of labels cuts at, so that two names never become one behind our back. */
const NAME_LENGTH_MAX = 120;
const UNIT = /\.(?:service|scope|socket|mount|swap)$/;
const SLICE = /\.slice$/;
const USER_MANAGER = /^user@(\d+)\.service$/;

/**
 * The innermost container or machine, else the nearest unit, else the pod or slice itself, else the path.
 *
 * `path` begins with a slash. Who runs containers in a container wants to see those that he started; what a machine or a
 * container runs under its own systemd is its own business.
 */
export function identify(path: string): Identity {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { workload: HOST, isWhole: true };

  const found = innermost(parts) ?? unitOf(parts) ?? podOf(parts) ?? sliceOf(parts);
  const { workload, isWhole } = found ?? { workload: { kind: 'cgroup', name: path }, isWhole: true };
  return { workload: { ...workload, name: workloadName(workload.name) }, isWhole };
}

/** A lawful name of a workload: it ends no line, is none of ours, which begin with a tilde, and no longer than a label. */
export function workloadName(name: string): string {
  return shorten(withoutControls(name).replace(/^~/, '_'), NAME_LENGTH_MAX);
}

function innermost(parts: readonly string[]): Identity | undefined {
  for (let index = parts.length - 1; index >= 0; index--) {
    const workload = containerAt(parts, index) ?? machineAt(parts, index);
    if (workload === undefined) continue;

    const podUid = podUidOf(parts.slice(0, index));
    const isWhole = index === parts.length - 1;
    return { workload: podUid === undefined ? workload : { ...workload, podUid }, isWhole };
  }
  return undefined;
}

/** A unit of somebody's own manager may be called as one of the host's. */
function unitOf(parts: readonly string[]): Identity | undefined {
  const index = parts.findLastIndex((part) => UNIT.test(part));
  if (index < 0) return undefined;

  const uid = parts
    .slice(0, index)
    .map((part) => USER_MANAGER.exec(part)?.[1])
    .find((found) => found !== undefined);
  const unit = unescaped(parts[index]!);
  const name = uid === undefined ? unit : `user-${uid}/${unit}`;
  return { workload: { kind: 'unit', name }, isWhole: index === parts.length - 1 };
}

function sliceOf(parts: readonly string[]): Identity | undefined {
  const name = parts.at(-1)!;
  return SLICE.test(name) ? { workload: { kind: 'slice', name: unescaped(name) }, isWhole: true } : undefined;
}
