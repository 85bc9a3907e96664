import type { Command } from './command.ts';
import { flagWords } from './completion-words.ts';

export function fishScript(commands: readonly Command[]): string {
  const names = commands.map(({ name, summary }) => {
    return `complete -c culprit -f -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`;
  });

  return `# Completion for culprit. Load with: culprit completion fish | source
${[...names, ...commands.flatMap(commandLines)].join('\n')}
`;
}

function commandLines(command: Command): string[] {
  const when = `complete -c culprit -n '__fish_seen_subcommand_from ${command.name}'`;
  const choices = command.choices === undefined ? [] : [`${when} -f -a ${quote(command.choices().join(' '))}`];

  const flags = flagWords(command).map(({ flag, summary, follows }) => {
    const words = Array.isArray(follows) ? ` -a ${quote(follows.join(' '))}` : '';
    const value = follows === 'nothing' ? ' -f' : follows === 'path' ? ' -r -F' : ` -x${words}`;
    return `${when} -l ${flag.slice(2)}${value} -d ${quote(summary)}`;
  });
  return [...choices, ...flags];
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
