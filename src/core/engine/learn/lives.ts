import type { Accounts } from '../../account/accounts.ts';
import type { Tree } from '../../tree/tree.ts';
import type { Lessons } from './lessons.ts';

/** Processes begin, become another program, move, and end. */
export function lives(tree: Tree, accounts: Accounts): Lessons<'fork' | 'exec' | 'exit' | 'reap' | 'cgroup-entered'> {
  return {
    fork(event) {
      const process = tree.fork(event);
      const { parentPid: pid, parentStartedNs: startedNs } = event;
      accounts.fork(event, process, process === undefined ? tree.find({ pid, startedNs }) : tree.parent(process));
    },

    exec(event) {
      const process = tree.exec(event);
      accounts.exec(event, process, process === undefined ? undefined : tree.parent(process));
    },

    exit(event) {
      accounts.exit(event, tree.exit(event));
    },

    reap(event) {
      const process = tree.find(event);
      accounts.reap(event, process);
      if (process !== undefined) tree.end(process, event.at);
    },

    'cgroup-entered'(event) {
      accounts.enter(event, tree.enter(event));
    },
  };
}
