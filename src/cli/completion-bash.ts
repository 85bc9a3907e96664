import type { Command } from './command.ts';
import { flagWords } from './completion-words.ts';

export function bashScript(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map((command) => {
    const words = [...flagWords(command).map(({ flag }) => flag), ...(command.choices?.() ?? [])];
    return `    ${command.name}) words='${words.join(' ')}' ;;`;
  });

  return `# Completion for culprit. Load with: source <(culprit completion bash)
_culprit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names} --help --version' -- "$current"))
    return
  fi
  case "$previous" in
${valueCases(commands).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _culprit culprit
`;
}

function valueCases(commands: readonly Command[]): string[] {
  const flags = new Map(commands.flatMap(flagWords).map((word) => [word.flag, word.follows]));

  return [...flags].flatMap(([flag, follows]) => {
    if (follows === 'nothing') return [];
    if (follows === 'text') return [`    ${flag}) return ;;`];
    const source = follows === 'path' ? '-f' : `-W '${follows.join(' ')}'`;
    return [`    ${flag}) COMPREPLY=($(compgen ${source} -- "$current")); return ;;`];
  });
}
