import { didYouMean } from '../config/index.ts';
import type { OwnFlag } from './command.ts';

export type FlagValues = Readonly<Record<string, string | undefined>>;
export type ReadFlags =
  | { readonly values: FlagValues; readonly words: readonly string[] }
  | { readonly problem: string };

/** `--name value`, `--name=value`, or `--name` alone where it takes none; then its value is the empty string; and at most so many words beside. */
export function readFlags(args: readonly string[], flags: readonly OwnFlag[], wordsMax = 0): ReadFlags {
  const values: Record<string, string> = {};
  const words: string[] = [];

  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    if (!word.startsWith('-')) {
      if (words.length === wordsMax) return { problem: `unexpected argument ${JSON.stringify(word)}` };
      words.push(word);
      continue;
    }
    const [name = '', ...rest] = word.replace(/^--/, '').split('=');
    const flag = flags.find((each) => each.name === name);
    if (flag === undefined) return { problem: unknown(word, flags) };

    const inline = rest.length > 0 ? rest.join('=') : undefined;
    if (flag.value === undefined || flag.isOptional) {
      if (flag.value === undefined && inline !== undefined)
        return { problem: `--${name} takes no value; got ${JSON.stringify(inline)}` };
      values[name] = inline ?? '';
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined || value === '') return { problem: `--${name}: expected ${flag.value}; got nothing` };
    if (flag.choices !== undefined && !flag.choices.includes(value))
      return { problem: `--${name}: expected one of ${flag.choices.join(', ')}; got ${JSON.stringify(value)}` };
    values[name] = value;
  }
  return { values, words };
}

function unknown(word: string, flags: readonly OwnFlag[]): string {
  const names = ['--help', '--json', ...flags.map(({ name }) => `--${name}`)];
  return `unknown flag ${word}${didYouMean(word, names)}`;
}
