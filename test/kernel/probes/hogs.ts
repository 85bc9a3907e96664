import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Cgroup } from '../../support/cgroup.ts';

/** Where the test's tasks meet: not the first, on which interrupts tend to be. */
export const CPU = cpus().length - 1;

const ENTER = 'echo 0 >&3; exec 3>&-; exec "$@"';

/** Starts a command in a cgroup, on the one CPU. Its pid is the command's own. */
export function startIn(cgroup: Cgroup, command: readonly string[]): ChildProcess & { readonly pid: number } {
  const procs = openSync(cgroup.procs, 'w');
  const pinned = ['taskset', '-c', String(CPU), ...command];
  const child = spawn('sh', ['-c', ENTER, 'sh', ...pinned], { stdio: ['ignore', 'pipe', 'inherit', procs] });

  closeSync(procs);
  if (child.pid === undefined) throw new Error('cannot start sh');
  return child as ChildProcess & { readonly pid: number };
}

/** Ends it, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');

  child.kill('SIGKILL');
  await gone;
}

/** Computes until it is ended, and says so when it has begun. */
export const BUSY = ['perl', '-e', '$| = 1; print "x"; 1 while 1'];

/** Computes for so long, whoever else wants the CPU: only a higher priority goes before. */
export function hogFor(seconds: number, priority: number): readonly string[] {
  const spin = `use Time::HiRes "clock"; 1 while clock() < ${seconds}`;

  return ['chrt', '--fifo', String(priority), 'perl', '-e', spin];
}

/** CPU time and time waited for one, in ns, of the first thread. */
export function scheduled(pid: number): { readonly ranNs: number; readonly waitedNs: number } {
  const [ranNs = Number.NaN, waitedNs = Number.NaN] = readFileSync(`/proc/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);

  return { ranNs, waitedNs };
}
