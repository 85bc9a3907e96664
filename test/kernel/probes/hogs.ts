import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import type { TestContext } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { until } from '../../support/until.ts';

/** Where the test's tasks meet: not the first, on which interrupts tend to be. */
export const CPU = cpus().length - 1;

const ENTER = 'echo 0 >&3; exec 3>&-; exec "$@"';

export type Started = ChildProcess & { readonly pid: number };

/** A cgroup of our own for tasks that want the one CPU; both are gone when the test ends. */
export interface Arena {
  readonly cgroup: Cgroup;
  readonly id: number;
  /** The pid is the command's own. */
  start(command: readonly string[]): Started;
  /** The same, and it has begun: it wrote something. */
  begin(command?: readonly string[]): Promise<Started>;
  /** Perl that has read its text, which comes last, and is stopped there until SIGCONT. */
  hold(command: readonly string[]): Promise<Started>;
}

export function arena(t: TestContext, name: string): Arena {
  const cgroup = new Cgroup(`culprit-${process.pid}-${name}`);
  const children: Started[] = [];
  const start = (command: readonly string[]) => {
    const child = startIn(cgroup, command);

    children.push(child);
    return child;
  };

  t.after(async () => {
    await Promise.all(children.map(end));
    await until(() => cgroup.isEmpty());
    cgroup.remove();
  });
  return {
    cgroup,
    id: statSync(cgroup.folder).ino,
    start,
    async hold(command) {
      const child = start([...command.slice(0, -1), `kill STOP => $$; ${command.at(-1)}`]);

      await until(() => /^State:\tT/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8')));
      return child;
    },
    async begin(command = BUSY) {
      const child = start(command);

      await once(child.stdout!, 'data');
      return child;
    },
  };
}

function startIn(cgroup: Cgroup, command: readonly string[]): Started {
  const procs = openSync(cgroup.procs, 'w');
  // Its priority first: once on that CPU, it would wait for it like anybody else.
  const first = command[0] === 'chrt' ? 3 : 0;
  const pinned = [...command.slice(0, first), 'taskset', '-c', String(CPU), ...command.slice(first)];
  const child = spawn('sh', ['-c', ENTER, 'sh', ...pinned], { stdio: ['ignore', 'pipe', 'inherit', procs] });

  closeSync(procs);
  if (child.pid === undefined) throw new Error('cannot start sh');
  return child as Started;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');

  child.kill('SIGKILL');
  await gone;
}

/** Computes until it is ended, and says so when it has begun. */
export const BUSY = ['perl', '-e', '$| = 1; print "x"; 1 while 1'];

/** Computes for so long, whoever else wants the CPU: only a higher priority goes before. */
export function hogFor(seconds: number, priority: number): readonly string[] {
  // Its start may itself take that long where the machine is emulated.
  const spin = `use Time::HiRes "clock"; my $from = clock(); 1 while clock() - $from < ${seconds}`;

  return ['chrt', '--fifo', String(priority), 'perl', '-e', spin];
}

/** Lets tasks that are held go on, in this order and at once. From another CPU: on theirs, the first might not let us go on. */
export function release(tasks: readonly Started[]): void {
  execFileSync('taskset', ['-c', '0', 'sh', '-c', 'kill -CONT "$@"', 'sh', ...tasks.map(({ pid }) => String(pid))]);
}

/** CPU time and time waited for one, in ns, of the first thread. */
export function scheduled(pid: number): { readonly ranNs: number; readonly waitedNs: number } {
  const [ranNs = Number.NaN, waitedNs = Number.NaN] = readFileSync(`/proc/${pid}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);

  return { ranNs, waitedNs };
}
