import type { Command } from './command.ts';
import { type FlagWord, flagWords } from './completion-words.ts';

export function zshScript(commands: readonly Command[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  const cases = commands.map((command) => {
    const choices = command.choices === undefined ? [] : [quote(`1:argument:(${command.choices().join(' ')})`)];
    return `    ${command.name}) _arguments ${[...flagWords(command).map(argument), ...choices].join(' ')} ;;`;
  });

  return `#compdef culprit
# Completion for culprit. Load with: source <(culprit completion zsh), or keep it as _culprit in a directory of $fpath
_culprit() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _culprit ]; then _culprit "$@"; else compdef _culprit culprit; fi
`;
}

function argument({ flag, summary, follows }: FlagWord): string {
  const about = `[${summary.replaceAll(/[[\]:]/g, '\\$&')}]`;
  if (follows === 'nothing') return quote(`${flag}${about}`);
  const action = follows === 'path' ? '_files' : follows === 'text' ? '' : `(${follows.join(' ')})`;
  return quote(`${flag}=${about}:value:${action}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
