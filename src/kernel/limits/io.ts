import type { CgroupLimitsEvent } from '../../core/model/event.ts';
import type { Instant } from '../../core/model/units.ts';
import { after, ascii, unsignedAt } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Writable } from './writable.ts';

/** `8:0 rbytes=1 wbytes=2 rios=3 …` */
const READ = ascii(' rbytes=');
const WRITTEN = ascii(' wbytes=');
/** `8:0 Read 1`, then `8:0 Write 2` and others. */
const READ_V1 = ascii(' Read ');
const WRITTEN_V1 = ascii(' Write ');

const STAT: CgroupFile = { hierarchy: 'unified', name: 'io.stat' };
const STAT_V1: CgroupFile = { hierarchy: 'io', name: 'blkio.throttle.io_service_bytes_recursive' };

/** A cgroup that has not used a device yet has an empty file: it did nothing, and that is known. */
export function readIo(kept: KeptFiles, cgroup: Cgroup, at: Instant, into: Writable<CgroupLimitsEvent>): void {
  const { scratch } = kept;
  const v2 = kept.read(cgroup, STAT, at);
  const length = v2 < 0 ? kept.read(cgroup, STAT_V1, at) : v2;

  into.ioReadBytes = length < 0 ? Number.NaN : sumAfter(scratch.bytes, length, v2 < 0 ? READ_V1 : READ);
  into.ioWrittenBytes = length < 0 ? Number.NaN : sumAfter(scratch.bytes, length, v2 < 0 ? WRITTEN_V1 : WRITTEN);
}

function sumAfter(bytes: Uint8Array, end: number, key: Uint8Array): number {
  let sum = 0;
  for (let at = after(bytes, 0, end, key); at >= 0; at = after(bytes, at, end, key)) sum += unsignedAt(bytes, at, end);
  return sum;
}
