import type { Command } from './command.ts';
import { EXIT } from './shell.ts';
import { unexpected } from './usage.ts';

export const version: Command = {
  name: 'version',
  summary: 'Print the version',
  details: 'Prints the version of Culprit and of what it runs on.',
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, { version: versions, stdout, stderr }) {
    if (args[0] !== undefined) return unexpected(args[0], 'version', stderr);
    const { version: own, ...others } = versions;
    const rest = Object.entries(others).map(([name, value]) => `${name} ${value}`);

    stdout.write(
      wantsJson
        ? `${JSON.stringify(versions, null, 2)}\n`
        : `culprit ${own}${rest.length > 0 ? ` (${rest.join(', ')})` : ''}\n`,
    );
    return EXIT.ok;
  },
};
