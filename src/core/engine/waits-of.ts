import type { Accounts } from '../account/accounts.ts';
import { Waits } from '../blame/waits.ts';
import type { Tree } from '../tree/tree.ts';

/** Single waits, by the names that the accounts and the tree know. */
export function waitsOf(tree: Tree, accounts: Accounts): Waits {
  return new Waits({
    workloadOf: (id, at) => accounts.workloadOfCgroup(id, at),
    nameOf: (pid, startedNs) => {
      const process = startedNs === undefined ? tree.get(pid) : tree.find({ pid, startedNs });
      return process?.exe || process?.comm || '';
    },
  });
}
