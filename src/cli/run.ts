import { describeFaults, type Fault, loadConfig } from '../config/index.ts';
import type { Command } from './command.ts';
import { EXIT } from './shell.ts';

export const run: Command = {
  name: 'run',
  summary: 'Watch this host and answer scrapes until told to stop',
  details:
    'Attaches the probes, serves /metrics and pushes OTLP where an endpoint is configured. SIGTERM and SIGINT end it within 2 s; SIGHUP reads the configuration again and keeps the old one if the new has faults.',
  takesConfig: true,
  takesJson: false,
  async execute({ args }, shell) {
    const load = () => loadConfig({ flags: args, env: shell.env, readFile: shell.readFile });
    const loaded = load();

    if ('config' in loaded) return await shell.run(loaded, load);
    shell.stderr.write(`${describeFaults(loaded.faults)}\n`);
    return exitFor(loaded.faults);
  },
};

/** A fault of the command line is a usage error; one of the file or the environment is a failure. */
export function exitFor(faults: readonly Fault[]): number {
  return faults.some(({ source }) => source === 'flag') ? EXIT.usage : EXIT.failure;
}
