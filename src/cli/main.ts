import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, overview, unknownCommand } from './help.ts';
import { EXIT, type Shell } from './shell.ts';

const HELP = ['--help', '-h'];
const VERSION = ['--version', '-V'];

/** Runs the command that `argv` (without node and script) names; resolves with the exit code and never rejects. */
export async function main(argv: readonly string[], shell: Shell): Promise<number> {
  const [first, ...rest] = argv;

  if (first === undefined) {
    shell.stderr.write(overview(COMMANDS));
    return EXIT.usage;
  }
  if (HELP.includes(first)) {
    shell.stdout.write(overview(COMMANDS));
    return EXIT.ok;
  }
  const name = VERSION.includes(first) ? 'version' : first;
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    shell.stderr.write(`culprit: ${unknownCommand(first, COMMANDS)}\nTry: culprit help\n`);
    return EXIT.usage;
  }
  return await execute(command, rest, shell);
}

async function execute(command: Command, args: readonly string[], shell: Shell): Promise<number> {
  if (args.some((word) => HELP.includes(word))) {
    shell.stdout.write(commandHelp(command, shell.stdout));
    return EXIT.ok;
  }
  const isJson = (word: string): boolean => command.takesJson && word === '--json';

  try {
    return await command.execute({ args: args.filter((word) => !isJson(word)), wantsJson: args.some(isJson) }, shell);
  } catch (error) {
    shell.stderr.write(`culprit ${command.name}: ${describeError(error)}\n`);
    return EXIT.failure;
  }
}

/** What the world refused is one sentence; what we did wrong shows where. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isOurs ? (error.stack ?? error.message) : error.message;
}
