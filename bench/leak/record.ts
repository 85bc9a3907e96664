/**
 * Records how the memory of real allocators moves, for the bench: anonymous memory each second, until the limit.
 *
 * `node bench/leak/record.ts > bench/leak/recordings.csv`; four minutes, and some 2 GiB of memory. An allocator whose
 * runtime is not installed is left out, and that is said.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compile } from '../harness/compile.ts';
import { ALLOCATORS, type Allocator } from './allocators.ts';

const SECONDS = 240;
const FOLDER = join(import.meta.dirname, 'allocators');

const started = ALLOCATORS.flatMap((allocator) => {
  const child = start(allocator);
  return child === undefined ? [] : [{ allocator, child, kib: [] as number[] }];
});
const startedAt = performance.now();
for (let second = 1; second <= SECONDS; second++) {
  await sleep(startedAt + second * 1_000 - performance.now());
  for (const { allocator, child, kib } of started) {
    if (child.killed || child.exitCode !== null) continue;
    kib.push(anonymousKib(child.pid ?? 0));
    if (kib.at(-1)! * 1024 >= allocator.limitBytes) child.kill('SIGKILL');
  }
}
for (const { child } of started) child.kill('SIGKILL');
for (const { allocator, kib } of started) console.log([allocator.name, ...kib].join(','));

function start({ runtime, file, args }: Allocator): ChildProcess | undefined {
  if (runtime === 'c') return spawn(compile(file), args, { stdio: 'ignore' });
  if (spawnSync(runtime, ['--version']).error !== undefined) {
    console.error(`${runtime} is not installed: ${file} is left out`);
    return undefined;
  }
  const [first = '', ...rest] = args;
  const options = runtime === 'java' ? ['-Xmx480m', '-XX:+UseSerialGC'] : [];
  return spawn(runtime, [...options, join(FOLDER, file), first, ...rest], { stdio: 'ignore' });
}

/** What is not a cache of files; NaN is never told, for a process that ended is not asked. */
function anonymousKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN);
}
