import { after, ascii } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';

/** Which hierarchy tells of something for a cgroup, if any does. */
export type Source = 'v2' | 'v1' | 'none';

export interface Sources {
  cpu: Source;
  memory: Source;
  pids: Source;
  io: Source;
}

const CONTROLLERS: CgroupFile = { hierarchy: 'unified', name: 'cgroup.controllers' };
const NAMES = { cpu: ascii('cpu'), memory: ascii('memory'), pids: ascii('pids'), io: ascii('io') };
const SUBJECTS = ['cpu', 'memory', 'pids', 'io'] as const;

/** Asked first, so that nobody opens a dozen files to learn that they are not there. */
export function findSources(kept: KeptFiles, cgroup: Cgroup, into: Sources): void {
  const length = kept.readOnce(cgroup, CONTROLLERS);
  const { bytes } = kept.scratch;

  for (const subject of SUBJECTS) into[subject] = hasWord(bytes, length, NAMES[subject]) ? 'v2' : 'none';
  for (const subject of SUBJECTS) if (into[subject] === 'none' && kept.hasFolder(subject, cgroup)) into[subject] = 'v1';
}

/** `cpu` is not `cpuset`. */
function hasWord(bytes: Uint8Array, end: number, word: Uint8Array): boolean {
  for (let at = after(bytes, 0, end, word); at >= 0; at = after(bytes, at, end, word)) {
    const begin = at - word.length;
    if ((begin === 0 || isSpace(bytes[begin - 1]!)) && (at === end || isSpace(bytes[at]!))) return true;
  }
  return false;
}

const isSpace = (byte: number): boolean => byte === 32 || byte === 10;
