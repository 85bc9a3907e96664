import { KEYS } from './keys.ts';
import { isTree, setAt, type Tree, valueAt } from './layer.ts';
import type { Config } from './schema.ts';

/** The configuration as it may be shown: the values of secrets are hidden, their names are not. */
export function shownConfig(config: Config): Tree {
  const shown: Tree = structuredClone(config);

  for (const { path, schema } of KEYS) {
    const value = valueAt(shown, path);
    if (!schema.writeOnly || !isTree(value)) continue;
    setAt(shown, path, Object.fromEntries(Object.keys(value).map((name) => [name, '(hidden)'])));
  }
  return shown;
}
