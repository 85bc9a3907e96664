import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process in nanoseconds, all threads, from the scheduler's own figures (utime counts in ticks of 10 ms). */
export function cpuNs(pid: number): number {
  const schedstats = each(`/proc/${pid}/task`, (tid) => `${tid}/schedstat`);

  return schedstats.reduce((sum, schedstat) => sum + Number(schedstat.split(' ')[0]), 0);
}

/**
 * Nanoseconds that the BPF programs of a process ran in others, by the kernel's own count: only while `RunStatistics` are on.
 *
 * Its iterators are not among them: they run in its own reads, as CPU time of its own.
 */
export function probeRunNs(pid: number): number {
  const files = each(`/proc/${pid}/fdinfo`, (fd) => fd);
  const iterators = files.filter((file) => field(file, 'link_type') === 'iter').map((file) => field(file, 'prog_id'));
  const probes = files.filter((file) => !iterators.includes(field(file, 'prog_id')));

  return probes.reduce((sum, file) => sum + Number(field(file, 'run_time_ns') ?? 0), 0);
}

/** A file for each entry of a folder, but of those that are gone meanwhile: a thread that ended, the listing's own descriptor. */
function each(folder: string, file: (name: string) => string): string[] {
  return readdirSync(folder).flatMap((name) => {
    try {
      return readFileSync(`${folder}/${file(name)}`, 'latin1');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return [];
    }
  });
}

function field(fdinfo: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(fdinfo)?.[1];
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
