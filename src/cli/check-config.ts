import { DEFAULT_FILE, describeFaults, KEYS, loadConfig, shownConfig, type Valid } from '../config/index.ts';
import type { Command } from './command.ts';
import { exitFor } from './run.ts';
import { EXIT } from './shell.ts';

export const checkConfig: Command = {
  name: 'check-config',
  summary: 'Say whether the configuration is valid, and where each value comes from',
  details:
    'Reads file, environment and flags exactly as run does, and starts nothing. Every fault is told at once, with its file, line and key. Values of headers are hidden.',
  takesConfig: true,
  takesJson: true,
  async execute({ args, wantsJson }, { env, readFile, stdout, stderr }) {
    const loaded = loadConfig({ flags: args, env, readFile });

    if ('faults' in loaded) {
      if (wantsJson) stdout.write(`${JSON.stringify({ valid: false, faults: loaded.faults }, null, 2)}\n`);
      else stderr.write(`${describeFaults(loaded.faults)}\n`);
      return exitFor(loaded.faults);
    }
    stdout.write(wantsJson ? asJson(loaded) : asText(loaded));
    return EXIT.ok;
  },
};

function asJson({ config, file, origins }: Valid): string {
  return `${JSON.stringify({ valid: true, file: file ?? null, config: shownConfig(config), origins: Object.fromEntries(origins) }, null, 2)}\n`;
}

function asText({ config, file, origins }: Valid): string {
  const shown = shownConfig(config);
  const lines = KEYS.filter(({ name }) => origins.has(name)).map(({ path, name }) => {
    const value = path.reduce<unknown>((node, step) => Object(node)[step], shown);
    return `  ${name} = ${JSON.stringify(value)}  (${origins.get(name)})`;
  });
  const source = file === undefined ? `valid; there is no ${DEFAULT_FILE}` : `${file}: valid`;

  return `${[lines.length === 0 ? `${source}; everything is at its default` : source, ...lines].join('\n')}\n`;
}
