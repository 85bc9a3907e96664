import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';

const FILE_MIB = 64;
const MIB = Buffer.alloc(1024 * 1024, 'culprit');

/** Files to read and write: `@disk`, and `@other`, a device of its own in memory. Made when first asked for. */
export function resolvePaths(load: string): string {
  return load.replace('@disk', () => onDisk()).replace('@other', () => otherDevice());
}

/** Time that requests took, all devices together, as the kernel counts it for iostat. */
export function requestSeconds(): number {
  return readdirSync('/sys/block').reduce((sum, device) => sum + ticks(device), 0) / 1_000;
}

/**
 * Of reads, writes and discards, in ms: Documentation/block/stat.rst. Not of flushes: what a write waits for its flush
 * is in the time of the write already.
 */
function ticks(device: string): number {
  const fields = readFileSync(`/sys/block/${device}/stat`, 'utf8').trim().split(/\s+/).map(Number);
  return [3, 7, 13].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
}

let disk: string | undefined;
function onDisk(): string {
  disk ??= fill(join(scratch, 'disk'));
  return disk;
}

let other: string | undefined;
function otherDevice(): string {
  if (other !== undefined) return other;
  const folder = mkdtempSync(join('/dev/shm', 'culprit-bench-'));
  const device = execFileSync('losetup', ['--find', '--show', fill(join(folder, 'device'))], {
    encoding: 'utf8',
  }).trim();
  process.on('exit', () => {
    execFileSync('losetup', ['--detach', device]);
    rmSync(folder, { recursive: true });
  });
  other = device;
  return other;
}

/** The scratch folder must be on a disk for `@disk` to be on one. */
function fill(path: string): string {
  const file = openSync(path, 'w');
  for (let mib = 0; mib < FILE_MIB; mib++) writeSync(file, MIB);
  fsyncSync(file);
  closeSync(file);
  return path;
}
