import type { Fault, Place } from './fault.ts';

/** Names of keys and positions in lists, from the root down. */
export type Path = readonly (string | number)[];

/** A mapping whose values nobody has checked yet. */
export interface Tree {
  [name: string]: unknown;
}

/** What one source says, before validation. */
export interface Layer {
  readonly value: Tree;
  /** Where the source says it; for a path that it lacks, the nearest above. */
  readonly place: (path: Path, part: 'key' | 'value') => Place;
  /** Faults of the source itself: syntax, unknown names. */
  readonly faults: readonly Fault[];
  /** The source belongs to others as well: what it says in vain is no fault. */
  readonly isShared?: boolean;
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => {
    if (Array.isArray(node)) return node[Number(step)];
    return isTree(node) && Object.hasOwn(node, step) ? node[step] : undefined;
  }, tree);
}

/** Writes a value at a path of names, making the mappings on the way. */
export function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) return;

  let node = tree;
  for (const step of path.slice(0, -1)) {
    const next = node[step];
    const below: Tree = isTree(next) ? next : {};
    node[step] = below;
    node = below;
  }
  node[last] = value;
}

/** Removes what is at a path, if anything. */
export function removeAt(tree: unknown, path: Path): void {
  const parent = valueAt(tree, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;

  if (Array.isArray(parent)) delete parent[Number(last)];
  else if (isTree(parent)) delete parent[last];
}
