import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process in nanoseconds, all threads, from the scheduler's own figures (utime counts in ticks of 10 ms). */
export function cpuNs(pid: number): number {
  let total = 0;
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    try {
      total += Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // the thread ended meanwhile
    }
  }
  return total;
}

/** Resident memory of a process in MB (10^6 bytes): `VmRSS` now, `VmHWM` at its highest. */
export function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const [, kib] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'mu').exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return (Number(kib) * 1024) / 1e6;
}

/** How many processes there are in /proc. */
export function processCount(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).length;
}
