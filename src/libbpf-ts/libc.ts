import { KernelError } from './error.ts';
import { bind, lastErrno, type Memory, type Pointer } from './foreign.ts';

interface Libc {
  mmap(at: null, lengthBytes: number, protection: number, flags: number, fd: number, offset: number): Pointer;
  munmap(at: Pointer, lengthBytes: number): number;
  sysconf(name: number): number;
  vsnprintf(into: Memory, sizeBytes: number, format: Pointer, args: Pointer): number;
  capget(header: Memory, sets: Memory): number;
  capset(header: Memory, sets: Memory): number;
  prctl(option: number, value: number, third: number, fourth: number, fifth: number): number;
  setgroups(count: number, groups: null): number;
  setresgid(real: number, effective: number, saved: number): number;
  setresuid(real: number, effective: number, saved: number): number;
}

let loaded: Libc | undefined;

/** The C library that Node itself runs on. */
export function libc(): Libc {
  loaded ??= bind<Libc>(null, {
    mmap: 'void *mmap(void *at, size_t length, int protection, int flags, int fd, int64_t offset)',
    munmap: 'int munmap(void *at, size_t length)',
    sysconf: 'long sysconf(int name)',
    vsnprintf: 'int vsnprintf(void *into, size_t size, void *format, void *args)',
    capget: 'int capget(void *header, void *sets)',
    capset: 'int capset(void *header, const void *sets)',
    prctl: 'int prctl(int option, unsigned long value, unsigned long third, unsigned long fourth, unsigned long fifth)',
    setgroups: 'int setgroups(size_t count, const void *groups)',
    setresgid: 'int setresgid(uint32_t real, uint32_t effective, uint32_t saved)',
    setresuid: 'int setresuid(uint32_t real, uint32_t effective, uint32_t saved)',
  });
  return loaded;
}

const SC_PAGESIZE = 30;

/** 4,096 on x86-64; 4,096, 16,384 or 65,536 on arm64. */
export const pageSizeBytes = (): number => libc().sysconf(SC_PAGESIZE);

const MAP_SHARED = 1;
const MAP_FAILED = 2n ** 64n - 1n;

export const PROT_READ = 1;
export const PROT_WRITE = 2;

/** Maps a file descriptor, shared. The caller unmaps it. */
export function mapShared(what: string, fd: number, lengthBytes: number, protection: number, offset: number): Pointer {
  const pointer = libc().mmap(null, lengthBytes, protection, MAP_SHARED, fd, offset);

  if (pointer === MAP_FAILED) throw new KernelError(`map ${what}`, lastErrno());
  return pointer;
}
