import { coerce } from './coerce.ts';
import { nameFor } from './environment.ts';
import type { Fault, Place } from './fault.ts';
import { isFileOnly, KEYS, type Key } from './keys.ts';
import { isTree, type Layer, setAt, type Tree, valueAt } from './layer.ts';
import { didYouMean } from './suggest.ts';

export const CONFIG_FLAG = 'config';

/** With their dashes. */
const BY_FLAG = new Map(KEYS.filter((key) => !isFileOnly(key)).map((key) => [`--${key.flag}`, key]));

export interface Flags extends Layer {
  /** What `--config` names. */
  readonly file?: string;
}

interface Word {
  /** As it was typed, with its dashes. */
  readonly flag: string;
  readonly text: string | undefined;
}

/** Reads `--flag value` and `--flag=value`; true-or-false flags need no value. Maps may be given piece by piece. */
export function readFlags(args: readonly string[]): Flags {
  const value: Tree = {};
  const faults: Fault[] = [];
  const names = new Map<string, string>();
  let file: string | undefined;

  for (const { flag, text } of words(args)) {
    const refuse = (problem: string): number => faults.push({ ...flagPlace(flag), key: '', problem });
    const key = BY_FLAG.get(flag);
    const isConfig = flag === `--${CONFIG_FLAG}`;
    const isAgain = isConfig ? file !== undefined : key !== undefined && names.has(key.name);

    if (!flag.startsWith('-')) refuse('expected a flag; got an argument');
    else if (key === undefined && !isConfig) refuse(`unknown flag${didYouMean(flag, configFlags())}`);
    else if (text === undefined) refuse('expected a value; got nothing');
    else if (isAgain && key?.form !== 'map') refuse('this flag is given twice');
    else if (key === undefined) file = text;
    else {
      put(value, key, text);
      names.set(key.name, flag);
    }
  }
  return { value, faults, place: (path) => flagPlace(nameFor(names, path)), ...(file !== undefined && { file }) };
}

/** Every flag that a command with a configuration takes, with its dashes. */
export function configFlags(): string[] {
  return [`--${CONFIG_FLAG}`, ...BY_FLAG.keys()];
}

/** Pairs each flag with its value. A value never begins with two dashes, unless it is joined by `=`. */
function* words(args: readonly string[]): Generator<Word> {
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    const joint = word.indexOf('=');
    const next = args[index + 1];

    if (!word.startsWith('-')) yield { flag: word, text: undefined };
    else if (joint > 0) yield { flag: word.slice(0, joint), text: word.slice(joint + 1) };
    else if (BY_FLAG.get(word)?.form === 'boolean') yield { flag: word, text: 'true' };
    else if (next === undefined || next.startsWith('--')) yield { flag: word, text: undefined };
    else {
      index++;
      yield { flag: word, text: next };
    }
  }
}

function put(value: Tree, key: Key, text: string): void {
  const before = valueAt(value, key.path);
  const given = coerce(key, text);

  setAt(value, key.path, isTree(before) && isTree(given) ? { ...before, ...given } : given);
}

function flagPlace(name: string): Place {
  return { source: 'flag', name };
}
