import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';

/** Compiles a file of `bench/load` for this run. */
export function compile(name: string, ...options: string[]): string {
  const path = join(scratch, name);
  execFileSync('clang', ['-O2', '-static', ...options, '-o', path, join(import.meta.dirname, `../load/${name}.c`)]);
  return path;
}
