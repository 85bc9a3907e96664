import {
  CONFIG_FLAG,
  CONFIG_VARIABLE,
  DEFAULT_FILE,
  describeExpected,
  didYouMean,
  isFileOnly,
  KEYS,
} from '../config/index.ts';
import type { Command } from './command.ts';
import { widthOf, wrap } from './paint.ts';
import { EXIT, type Output } from './shell.ts';

/** `culprit help` and `culprit help COMMAND`; `--help` anywhere says the same. */
export function help(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Explain a command',
    details: 'Prints what a command does and which flags it takes.',
    argument: '[COMMAND]',
    choices: () => commands().map(({ name }) => name),
    takesConfig: false,
    takesJson: false,
    async execute({ args: [name] }, { stdout, stderr }) {
      const command = commands().find((each) => each.name === name);
      if (name !== undefined && command === undefined) {
        stderr.write(`culprit help: ${unknownCommand(name, commands())}\n`);
        return EXIT.usage;
      }
      stdout.write(command === undefined ? overview(commands()) : commandHelp(command, stdout));
      return EXIT.ok;
    },
  };
}

export function unknownCommand(name: string, commands: readonly Command[]): string {
  const names = commands.map((command) => command.name);
  return `unknown command ${JSON.stringify(name)}${didYouMean(name, names) || `; expected one of ${names.join(', ')}`}`;
}

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));

  return `Culprit names the process that is hurting this host.

Usage: culprit COMMAND [FLAGS]

${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

culprit help COMMAND explains one. Flags win over the environment, it over the file, it over the defaults.
Exit codes: 0 done, 1 failed or refused, 2 the command line is wrong,
3 there is what was looked for (only where --exit-code asks for it).
`;
}

/** The help of one command, wrapped to the terminal. */
export function commandHelp(command: Command, output: Output): string {
  const { name, summary, details, argument, flags = [], takesConfig, takesJson } = command;
  const takesFlags = takesConfig || takesJson || flags.length > 0;
  const width = widthOf(output);
  const usage = ['culprit', name, argument, takesFlags ? '[FLAGS]' : undefined].filter(Boolean).join(' ');
  const own = [
    ...flags.map(({ name: word, value, summary: told }) => flag(`--${word}${value ? ` ${value}` : ''}`, told, width)),
    takesJson ? flag('--json', 'Answer in JSON, for programs.', width) : '',
    flag('-h, --help', 'Print this.', width),
  ];
  const sections = [`${summary}.`, wrap(details, 0, width), `Usage: ${usage}`, own.filter(Boolean).join('\n')];

  return `${[...sections, ...(takesConfig ? [configFlagsHelp(width)] : [])].join('\n\n')}\n`;
}

function configFlagsHelp(width: number): string {
  const file = flag(
    `--${CONFIG_FLAG} FILE`,
    `The configuration file. Default: ${DEFAULT_FILE}, if it exists. [${CONFIG_VARIABLE}]`,
    width,
  );
  const flags = KEYS.filter((key) => !isFileOnly(key)).map(({ flag: name, form, schema, variable }) => {
    const initial = JSON.stringify(schema.default);
    const choice = schema.enum === undefined ? '' : ` Takes ${describeExpected(schema)}.`;
    const value = form === 'boolean' ? '' : form === 'map' ? ' NAME=VALUE,…' : form === 'number' ? ' NUMBER' : ' VALUE';
    return flag(`--${name}${value}`, `${schema.description}${choice} Default: ${initial}. [${variable}]`, width);
  });

  return ['Configuration, each also by the variable in brackets or in the file:', file, ...flags].join('\n');
}

const DESCRIPTION_INDENT = 8;

function flag(name: string, description: string, width: number): string {
  return `  ${name}\n${' '.repeat(DESCRIPTION_INDENT)}${wrap(description, DESCRIPTION_INDENT, width)}`;
}
