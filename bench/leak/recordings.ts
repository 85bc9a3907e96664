import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOCATORS } from './allocators.ts';
import type { Trace } from './trace.ts';

const STEP_MS = 1_000;

/** What `record.ts` wrote: a line for each allocator, its name and its KiB each second. */
export function recordings(): Trace[] {
  const lines = readFileSync(join(import.meta.dirname, 'recordings.csv'), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [name, ...kib] = line.split(',');
    const allocator = ALLOCATORS.find((each) => each.name === name);
    if (allocator === undefined) throw new Error(`recordings.csv has ${name}, which allocators.ts does not know`);
    const bytes = Float64Array.from(kib, (each) => Number(each) * 1024);
    const end = bytes.findIndex((each) => each >= allocator.limitBytes);
    if (allocator.isLeak && end < 0) throw new Error(`the recording of ${name} ends before its limit`);
    return {
      kind: allocator.name,
      isLeak: allocator.isLeak,
      limitBytes: allocator.limitBytes,
      stepMs: STEP_MS,
      bytes: end < 0 ? bytes : bytes.subarray(0, end + 1),
      onset: 0,
    };
  });
}
