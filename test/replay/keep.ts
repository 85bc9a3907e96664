/**
 * Makes a test of a recording: `node test/replay/keep.ts FROM TO CGROUP`.
 *
 * What happened in cgroups whose path contains CGROUP stays, with whom their processes come from; who that is has no name any
 * more, and neither has the host. Read what is left before you commit it: `zcat TO | less`.
 */
import { writeFileSync } from 'node:fs';

import type { Event } from '../../src/core/model/event.ts';
import type { ProcessId } from '../../src/core/model/process.ts';
import { writeEntry } from '../../src/recording/entry.ts';
import { writeHeader } from '../../src/recording/header.ts';
import { openRecording } from '../../src/recording/index.ts';
import { blocksOf } from '../recording/blocks.ts';

const ROOT = 1;
const NAMELESS = { comm: 'somebody', exe: 'somebody', cgroupId: ROOT, uid: 0 };

const [from = '', to = '', cgroup = ''] = process.argv.slice(2);
if (cgroup === '') throw new Error('expected FROM, TO and a part of the path of a CGROUP');

const recording = await openRecording(from);
const all: Event[] = [];
for await (const entries of recording.entries())
  for (const entry of entries) if (entry.entry === 'event') all.push(entry.event);

const cgroups = new Set(
  all.flatMap((event) => ('path' in event && event.path.includes(cgroup) ? [event.cgroupId] : [])),
);
const inside = new Set(all.filter(isInside).flatMap((event) => ('startedNs' in event ? [keyOf(event)] : [])));
const ancestors = ancestorsOf(inside);

const kept = all.flatMap(keep).map((event) => writeEntry({ entry: 'event', event }));
const kernelRelease = /^\d+\.\d+/.exec(recording.header.kernelRelease)?.[0] ?? '';
const header = writeHeader({ ...recording.header, host: 'host', kernelRelease });
const text = [header, ...kept, writeEntry({ entry: 'end', reason: 'stopped' }), ''].join('\n');
writeFileSync(to, await blocksOf(Buffer.from(text)));

function keyOf({ pid, startedNs }: ProcessId): string {
  return `${pid}@${startedNs}`;
}

function isInside(event: Event): boolean {
  return 'cgroupId' in event && cgroups.has(event.cgroupId);
}

function ancestorsOf(processes: ReadonlySet<string>): Set<string> {
  const parents = new Map<string, string>();
  for (const event of all) {
    if (event.kind === 'fork' || event.kind === 'process-sample')
      parents.set(keyOf(event), keyOf({ pid: event.parentPid, startedNs: event.parentStartedNs }));
  }
  const found = new Set<string>();
  for (const process of processes) {
    for (let above = parents.get(process); above !== undefined && !found.has(above); above = parents.get(above))
      if (!processes.has(above)) found.add(above);
  }
  return found;
}

/** As it is, without its names, or not at all. */
function keep(event: Event): Event[] {
  if (event.kind === 'stall') return cgroups.has(event.victimId) && cgroups.has(event.owner.id) ? [event] : [];
  if ('startedNs' in event && event.pid !== 0) {
    const key = keyOf(event);
    if (inside.has(key)) return [event];
    return ancestors.has(key) ? [{ ...event, ...namesIn(event) } as Event] : [];
  }
  const isHosts = !('cgroupId' in event) || event.cgroupId <= ROOT;
  return isHosts || isInside(event) ? [event] : [];
}

function namesIn(event: Event): Partial<typeof NAMELESS> {
  return Object.fromEntries(Object.entries(NAMELESS).filter(([name]) => name in event));
}
