import { CONFIG_FLAG, isFileOnly, KEYS } from '../config/index.ts';
import type { Command } from './command.ts';

/** A flag as the completion scripts know it. */
export interface FlagWord {
  /** With its dashes. */
  readonly flag: string;
  readonly summary: string;
  /** What may follow: some words, a path, anything, or nothing at all. */
  readonly follows: readonly string[] | 'path' | 'text' | 'nothing';
}

export function flagWords({ takesConfig, takesJson }: Command): FlagWord[] {
  const own: FlagWord[] = [{ flag: '--help', summary: 'Print help', follows: 'nothing' }];
  if (takesJson) own.push({ flag: '--json', summary: 'Answer in JSON', follows: 'nothing' });
  return takesConfig ? [...own, ...CONFIG_WORDS] : own;
}

const CONFIG_WORDS: readonly FlagWord[] = [
  { flag: `--${CONFIG_FLAG}`, summary: 'The configuration file', follows: 'path' },
  ...KEYS.filter((key) => !isFileOnly(key)).map(({ flag, form, schema }): FlagWord => {
    const isPath = schema.format?.startsWith('absolute-path') ?? false;
    const choice = schema.enum?.map(String) ?? (isPath ? 'path' : 'text');
    return {
      flag: `--${flag}`,
      summary: firstSentence(schema.description ?? ''),
      follows: form === 'boolean' ? 'nothing' : choice,
    };
  }),
];

function firstSentence(description: string): string {
  return description.split(/[.:;] |\.$/)[0]!;
}
