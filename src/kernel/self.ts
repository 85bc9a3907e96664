import { readdirSync, readFileSync } from 'node:fs';

/** What Culprit itself uses, as the kernel accounts for it. */
export interface SelfReading {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly virtualBytes: number;
  readonly openFds: number;
  /** Soft limit; Infinity when there is none. */
  readonly maxFds: number;
  /** Unix time. */
  readonly startedAtSeconds: number;
}

/** Linux shows times in units of 1/100 s to programs, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Always reads `/proc`: a root given for the host's processes would show another process under our number. */
export function readSelf(): SelfReading {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);

  return {
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    residentBytes: process.memoryUsage.rss(),
    virtualBytes: field(23),
    // The listing is a descriptor too, while it lasts.
    openFds: readdirSync('/proc/self/fd').length - 1,
    maxFds: maxFds(),
    startedAtSeconds: bootedAtSeconds() + field(22) / TICKS_PER_SECOND,
  };
}

function maxFds(): number {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];

  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

function bootedAtSeconds(): number {
  return Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
}
