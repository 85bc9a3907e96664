import { Errors } from 'typebox/schema';
import { Settings } from 'typebox/system';

import { describeProblem } from './expectation.ts';
import type { Fault } from './fault.ts';
import './formats.ts';
import { type Layer, type Path, removeAt, type Tree, valueAt } from './layer.ts';
import { badName, SPARSE, schemaAt, unknownKey } from './sparse.ts';

/** All of them: who mends a file wants to mend it once. */
Settings.Set({ maxErrors: 10_000 });

/**
 * Checks one layer by itself, and removes what is faulty from `value`, so that the rest can still be judged.
 *
 * `isJudged` tells which keys to check; the others stay as they are.
 */
export function validate(layer: Layer, value: Tree, isJudged: (path: Path) => boolean): Fault[] {
  const faults = new Map<string, Fault>();
  const [, errors] = Errors(SPARSE as object, value);

  const report = (path: Path, part: 'key' | 'value', problem: string): void => {
    const key = path.join('.');
    if (!faults.has(key) && isJudged(path)) faults.set(key, { ...layer.place(path, part), key, problem });
  };
  for (const error of errors) {
    const path = toPath(error.instancePath);

    if (error.keyword === 'additionalProperties') {
      for (const name of error.params.additionalProperties) report([...path, name], 'key', unknownKey(path, name));
    } else if (error.keyword === 'required') {
      const missing = error.params.requiredProperties.join(', ');
      report(path, 'value', `expected the key ${missing}, which has no default`);
    } else if (error.keyword === 'propertyNames') {
      for (const name of error.params.propertyNames) report([...path, name], 'key', badName(path));
    } else if (error.keyword !== 'boolean' && !error.schemaPath.endsWith('/propertyNames')) {
      const found = valueAt(value, path);
      const schema = schemaAt(path);
      report(path, 'value', schema === undefined ? error.message : describeProblem(schema, found, error.keyword));
    }
  }
  for (const error of errors) removeAt(value, whole(toPath(error.instancePath)));
  return [...faults.values()];
}

/** A rule with one bad pattern would match too much: it goes as a whole. */
function whole(path: Path): Path {
  return path[0] === 'groups' ? path.slice(0, 2) : path;
}

function toPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
