import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { effectiveCapabilities, hasKernelBtf, libbpf } from '../../src/libbpf-ts/index.ts';

/**
 * What a test cannot do without, for `skip`: false when all is there, else the reason.
 *
 * `bpf` is the right and the means to load BPF programs; any other word is a command on PATH. A user's missing piece skips the test;
 * with `CULPRIT_REQUIRE_BPF=1` (or `CULPRIT_REQUIRE_CLANG=1`, by word) it throws, so that the project's own run cannot pass by skipping.
 */
export function requirement(...words: readonly string[]): false | string {
  for (const word of words) {
    const reason = word === 'bpf' ? missingBpf() : missingCommand(word);

    if (reason === undefined) continue;
    if (isDemanded(word)) throw new Error(`${variableOf(word)} is set, but ${reason}`);
    return reason;
  }
  return false;
}

const variableOf = (word: string): string => `CULPRIT_REQUIRE_${word.toUpperCase().replaceAll(/\W/g, '_')}`;
const isDemanded = (word: string): boolean => process.env[variableOf(word)] === '1';

function missingBpf(): string | undefined {
  const capabilities = effectiveCapabilities();

  if (!capabilities.has('CAP_SYS_ADMIN') && !(capabilities.has('CAP_BPF') && capabilities.has('CAP_PERFMON'))) {
    return 'it needs root, or CAP_BPF and CAP_PERFMON';
  }
  if (!hasKernelBtf()) return 'the kernel has no BTF';
  try {
    libbpf();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function missingCommand(command: string): string | undefined {
  return pathOf(command) === undefined ? `the command ${command} is missing` : undefined;
}

/** Where a command is on PATH. */
export function pathOf(command: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, command))
    .find(canRun);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // in another folder, or nowhere
  }
}
