import type { OnRename } from '../account/names.ts';

type Names = Parameters<OnRename>;

/** Tells all who keep something by a workload's name that it has another. */
export function renameAll(all: readonly { readonly rename: OnRename }[], names: Names): void {
  for (const each of all) each.rename(...names);
}
