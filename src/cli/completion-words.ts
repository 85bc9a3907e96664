import { CONFIG_FLAG, isFileOnly, KEYS } from '../config/index.ts';
import type { Command, OwnFlag } from './command.ts';

/** A flag as the completion scripts know it. */
export interface FlagWord {
  /** With its dashes. */
  readonly flag: string;
  readonly summary: string;
  /** What may follow: some words, a path, anything, or nothing at all. */
  readonly follows: readonly string[] | 'path' | 'text' | 'nothing';
}

export function flagWords({ flags = [], takesConfig, takesJson }: Command): FlagWord[] {
  const own: FlagWord[] = [{ flag: '--help', summary: 'Print help', follows: 'nothing' }];
  if (takesJson) own.push({ flag: '--json', summary: 'Answer in JSON', follows: 'nothing' });
  own.push(...flags.map(ownWord));
  return takesConfig ? [...own, ...CONFIG_WORDS] : own;
}

const CONFIG_WORDS: readonly FlagWord[] = [
  { flag: `--${CONFIG_FLAG}`, summary: 'The configuration file', follows: 'path' },
  ...KEYS.filter((key) => !isFileOnly(key)).map(({ flag, form, schema }): FlagWord => {
    const isPath = schema.format?.includes('path') ?? false;
    const choice = schema.enum?.map(String) ?? (isPath ? 'path' : 'text');
    return {
      flag: `--${flag}`,
      summary: firstSentence(schema.description ?? ''),
      follows: form === 'boolean' ? 'nothing' : choice,
    };
  }),
];

function ownWord({ name, summary, value, choices, isPath, isOptional }: OwnFlag): FlagWord {
  const follows = value === undefined || isOptional ? 'nothing' : (choices ?? (isPath ? 'path' : 'text'));
  return { flag: `--${name}`, summary: firstSentence(summary), follows };
}

function firstSentence(description: string): string {
  return description.split(/[.:;] |\.$/)[0]!;
}
