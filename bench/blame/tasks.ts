import { readdirSync, readFileSync } from 'node:fs';

const NS_PER_SECOND = 1e9;

/** A process of the group that stall.c leads. */
export interface Process {
  readonly pid: number;
  readonly parentPid: number;
  readonly state: string;
}

/** Those of a process group, ended ones that nobody waited for among them. */
export function processesOf(group: number): Process[] {
  const found: Process[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrNothing(`/proc/${name}/stat`);
    const [state = '', parent, of] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(of) === group) found.push({ pid: Number(name), parentPid: Number(parent), state });
  }
  return found;
}

/** What the scheduler itself counted of a process that does not run now: of all its threads, or of an ended one. */
export function runDelaySeconds(pid: number): number {
  const threads = threadsOf(pid).map((thread) => `/proc/${pid}/task/${thread}/schedstat`);
  const files = threads.length > 0 ? threads : [`/proc/${pid}/schedstat`];
  return files.reduce((sum, file) => sum + Number(readOrNothing(file).split(' ')[1] ?? 0), 0) / NS_PER_SECOND;
}

export function isAsleep(pid: number): boolean {
  return /\) S /.test(readOrNothing(`/proc/${pid}/stat`));
}

/** Stopped or ended, with every thread: a leader that is may have others that still wait for a CPU to stop on. */
export function standsStill({ pid, state }: Process): boolean {
  const threads = threadsOf(pid).map((thread) => readOrNothing(`/proc/${pid}/task/${thread}/stat`));
  return state === 'Z' || threads.every((stat) => stat === '' || /\) [TtZX] /.test(stat));
}

export function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it is no more
  }
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
