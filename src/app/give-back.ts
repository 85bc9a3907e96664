import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MADV_DONTNEED = 4;
/** Smaller mappings are not worth their system call. */
const RESIDENT_KB_MIN = 256;

/**
 * Gives memory back that only the start needed: a third of what is resident then.
 *
 * Garbage of parsing and compiling goes, with the allocator's empty pages (`malloc_trim`), and so do clean pages of Node's
 * own file, most of which hold code that runs once; what is needed after all comes back from the page cache.
 * Costs some 30 ms each time. Where the foreign function interface can't be loaded, only garbage goes.
 */
export async function giveBackStartMemory(): Promise<void> {
  collectGarbage();
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load('libc.so.6');
    const madvise = libc.func('int madvise(uintptr_t, size_t, int)');

    libc.func('int malloc_trim(size_t)')(0);
    // Advice: a refusal leaves things as they are.
    for (const { start, lengthBytes } of cleanFilePages()) madvise(start, lengthBytes, MADV_DONTNEED);
  } catch {
    // Not glibc, or no koffi here: a larger process is all that comes of it.
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setFlagsFromString('--no-expose-gc');
}

interface Mapping {
  readonly start: number;
  readonly lengthBytes: number;
  readonly isClean: boolean;
  readonly residentKb: number;
}

/** Of files, not writable, and not one page of our own in them: the dynamic linker writes into some before it protects them. */
function cleanFilePages(): Mapping[] {
  const mappings = readFileSync('/proc/self/smaps', 'latin1').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/mu);
  return mappings.map(describe).filter(({ isClean, residentKb }) => isClean && residentKb >= RESIDENT_KB_MIN);
}

function describe(text: string): Mapping {
  const [, start = '0', end = '0', mode = '', name = ''] =
    /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/mu.exec(text) ?? [];
  const kb = (field: string) => Number(new RegExp(`^${field}: +(\\d+) kB`, 'mu').exec(text)?.[1]);
  const isOfFile = name.startsWith('/') && !mode.includes('w');
  return {
    start: Number.parseInt(start, 16),
    lengthBytes: Number.parseInt(end, 16) - Number.parseInt(start, 16),
    isClean: isOfFile && kb('Private_Dirty') === 0 && kb('Anonymous') === 0,
    residentKb: kb('Rss'),
  };
}
