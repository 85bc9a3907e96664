import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';

import { GuestUnavailable } from './kernel.ts';
import { runInGuest } from './machine.ts';

const usage = `usage: node test/guest/run.ts [--timeout SECONDS] [--cgroups v1|v2] -- COMMAND [ARGUMENT…]

Runs COMMAND as root in the current directory, under Debian 12's kernel (6.1, cgroup v2 only, or v1 only), over this host's files.
What it writes is gone when it ends. Exits as COMMAND does; 124 at the timeout (300 s unless told), 125 when there is no guest.
`;

const { timeoutSeconds, cgroups, command } = parse();
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());

try {
  const end = await runInGuest(command, {
    cgroups,
    timeoutMs: timeoutSeconds * 1_000,
    signal: interrupt.signal,
    onStdout: (bytes) => stdout.write(bytes),
    onStderr: (bytes) => stderr.write(bytes),
  });
  if (end.kind === 'exit') exit(end.status);
  if (end.kind === 'timeout') leave(124, `not done after ${timeoutSeconds} s: ended`);
  leave(125, interrupt.signal.aborted ? 'interrupted' : `ended before the command did; its console:\n${end.console}`);
} catch (fault) {
  if (!(fault instanceof GuestUnavailable)) throw fault;
  leave(125, fault.message);
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(2),
      options: { timeout: { type: 'string', default: '300' }, cgroups: { type: 'string', default: 'v2' } },
      allowPositionals: true,
    });
    const timeoutSeconds = Number(values.timeout);
    if (!(timeoutSeconds > 0)) leave(125, `--timeout wants seconds, not '${values.timeout}'`);
    const { cgroups } = values;
    if (cgroups !== 'v1' && cgroups !== 'v2') leave(125, `--cgroups wants v1 or v2, not '${cgroups}'`);
    if (positionals.length === 0) leave(125, `a command is missing\n${usage}`);
    return { timeoutSeconds, cgroups, command: positionals } as const;
  } catch (fault) {
    return leave(125, `${(fault as Error).message}\n${usage}`);
  }
}

function leave(status: number, message: string): never {
  stderr.write(`guest: ${message}\n`);
  exit(status);
}
