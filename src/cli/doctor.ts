import { describeFaults, loadConfig } from '../config/index.ts';
import type { Command } from './command.ts';
import { painter, printable, widthOf, wrap } from './paint.ts';
import { type Check, EXIT, type Output, type Shell } from './shell.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Say what works on this host, and what to do about what does not',
  details:
    'Checks the configuration, the kernel, its privileges and every probe, and changes nothing. "warn" costs a part of what Culprit sees; "fail" costs the probes or the start.',
  takesConfig: true,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const checks = await examine(args, shell);
    const isWell = checks.every(({ status }) => status !== 'fail');

    shell.stdout.write(
      wantsJson
        ? `${JSON.stringify({ ok: isWell, checks }, null, 2)}\n`
        : asText(checks, shell.stdout, painter(shell.stdout, shell.env)),
    );
    return isWell ? EXIT.ok : EXIT.failure;
  },
};

/** A faulty configuration is one finding more; the rest is then checked by the defaults. */
async function examine(flags: readonly string[], { env, readFile, doctor }: Shell): Promise<Check[]> {
  const loaded = loadConfig({ flags, env, readFile });

  if ('config' in loaded) {
    const seen = loaded.file === undefined ? 'no file; defaults, environment and flags' : `${loaded.file} is valid`;
    return [{ name: 'configuration', status: 'ok', seen }, ...(await doctor(loaded.config))];
  }
  const fault: Check = {
    name: 'configuration',
    status: 'fail',
    seen: describeFaults(loaded.faults),
    advice: 'mend these; the checks below take the defaults',
  };
  const defaults = loadConfig({ readFile: () => new Uint8Array() });
  return [fault, ...('config' in defaults ? await doctor(defaults.config) : [])];
}

function asText(checks: readonly Check[], output: Output, paint: ReturnType<typeof painter>): string {
  const nameWidth = Math.max(...checks.map(({ name }) => printable(name).length));
  const indent = nameWidth + 8;
  const rows = checks.map(({ name, status, seen, advice }) => {
    const first = `${printable(name).padEnd(nameWidth)}  ${paint(status, status.padEnd(4))}  `;
    const told = [...seen.split('\n'), ...(advice === undefined ? [] : [`→ ${advice}`])];
    return first + told.map((line) => wrap(printable(line), indent, widthOf(output))).join(`\n${' '.repeat(indent)}`);
  });
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;

  return `${rows.join('\n')}\n\n${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail\n`;
}
