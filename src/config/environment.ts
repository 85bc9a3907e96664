import { coerce } from './coerce.ts';
import type { Fault, Place } from './fault.ts';
import { isFileOnly, KEYS } from './keys.ts';
import { type Layer, setAt, type Tree } from './layer.ts';
import { didYouMean } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const CONFIG_VARIABLE = 'CULPRIT_CONFIG';

const BY_VARIABLE = new Map(KEYS.map((key) => [key.variable, key]));

/**
 * Ours by prefix, but not configuration: what Kubernetes gives every pod beside a Service named "culprit", and what the
 * test suite uses.
 */
const FOREIGN =
  /^CULPRIT_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?|(?:REQUIRE|TEST|BENCH)_\w+)$/;

/** Reads `CULPRIT_*`, by name: a shell hands them on in no order. A variable that is empty is one that isn't set. */
export function readEnvironment(environment: Environment): Layer {
  const value: Tree = {};
  const faults: Fault[] = [];
  const names = new Map<string, string>();

  for (const [name, text] of Object.entries(environment).toSorted()) {
    if (!name.startsWith('CULPRIT_') || name === CONFIG_VARIABLE || FOREIGN.test(name) || !text) continue;
    const key = BY_VARIABLE.get(name);

    if (key === undefined) faults.push(variableFault(name, `unknown variable${didYouMean(name, variables())}`));
    else if (isFileOnly(key)) faults.push(variableFault(name, `${key.name} can only be given in the file`));
    else {
      setAt(value, key.path, coerce(key, text));
      names.set(key.name, name);
    }
  }
  return { value, faults, place: (path) => variablePlace(nameFor(names, path)) };
}

export function variablePlace(name: string): Place {
  return { source: 'environment', name };
}

/** The variable that gave a key, or the mapping above it. */
export function nameFor(names: ReadonlyMap<string, string>, path: readonly (string | number)[]): string {
  for (let length = path.length; length > 0; length--) {
    const name = names.get(path.slice(0, length).join('.'));
    if (name !== undefined) return name;
  }
  return 'the environment';
}

function variableFault(name: string, problem: string): Fault {
  return { ...variablePlace(name), key: '', problem };
}

function variables(): string[] {
  return [CONFIG_VARIABLE, ...KEYS.filter((key) => !isFileOnly(key)).map(({ variable }) => variable)];
}
