import type { Command } from './command.ts';
import { bashScript } from './completion-bash.ts';
import { fishScript } from './completion-fish.ts';
import { zshScript } from './completion-zsh.ts';
import { EXIT } from './shell.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPTS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function completion(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'Print a completion script for a shell',
    details:
      'bash: source <(culprit completion bash). zsh: source <(culprit completion zsh), after compinit. fish: culprit completion fish | source.',
    argument: SHELLS.join('|'),
    choices: () => SHELLS,
    takesConfig: false,
    takesJson: false,
    async execute({ args: [name, extra] }, { stdout, stderr }) {
      const script =
        extra === undefined && name !== undefined && Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
      if (script === undefined) {
        stderr.write(
          `culprit completion: expected one of ${SHELLS.join(', ')}; got ${name ?? 'nothing'}${extra ? ` ${extra}` : ''}\n`,
        );
        return EXIT.usage;
      }
      stdout.write(script(commands()));
      return EXIT.ok;
    },
  };
}
