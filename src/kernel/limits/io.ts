import type { Instant } from '../../core/model/units.ts';
import { after, ascii, unsignedAt } from '../bytes.ts';
import type { Cgroup } from '../cgroup.ts';
import type { CgroupFile, KeptFiles } from '../kept-files.ts';
import type { Source } from './controllers.ts';
import type { Into } from './writable.ts';

/** `8:0 rbytes=1 wbytes=2 rios=3 …` */
const READ = ascii(' rbytes=');
const WRITTEN = ascii(' wbytes=');
/** `8:0 Read 1`, then `8:0 Write 2` and others. */
const READ_V1 = ascii(' Read ');
const WRITTEN_V1 = ascii(' Write ');

const STAT: CgroupFile = { hierarchy: 'unified', name: 'io.stat' };
const STAT_V1: CgroupFile = { hierarchy: 'io', name: 'blkio.throttle.io_service_bytes_recursive' };

/** A cgroup that has not used a device yet has an empty file: it did nothing, and that is known. */
export function readIo(kept: KeptFiles, cgroup: Cgroup, source: Source, at: Instant, into: Into): void {
  const isV2 = source === 'v2';
  const length = source === 'none' ? -1 : kept.read(cgroup, isV2 ? STAT : STAT_V1, at);
  const { bytes } = kept.scratch;

  into.ioReadBytes = length < 0 ? Number.NaN : sumAfter(bytes, length, isV2 ? READ : READ_V1);
  into.ioWrittenBytes = length < 0 ? Number.NaN : sumAfter(bytes, length, isV2 ? WRITTEN : WRITTEN_V1);
}

function sumAfter(bytes: Uint8Array, end: number, key: Uint8Array): number {
  let sum = 0;
  for (let at = after(bytes, 0, end, key); at >= 0; at = after(bytes, at, end, key)) sum += unsignedAt(bytes, at, end);
  return sum;
}
