import type { Accounts } from '../../account/accounts.ts';
import type { Reclaim } from '../../blame/reclaim.ts';
import type { Tree } from '../../tree/tree.ts';
import { LateArgv } from './late-argv.ts';
import type { Lessons } from './lessons.ts';

type SnapshotKind = 'snapshot-begin' | 'process-sample' | 'idle-sample' | 'thread-sample' | 'snapshot-end';

/** Looks at everyone who lives. */
export function snapshots(tree: Tree, accounts: Accounts, reclaim: Reclaim): Lessons<SnapshotKind> {
  const argv = new LateArgv(tree);

  return {
    'snapshot-begin'() {
      tree.beginSnapshot();
      accounts.beginSnapshot();
    },

    'process-sample'(event) {
      reclaim.sample(event);
      const process = tree.sample(event);
      if (process === undefined) return;
      argv.of = process;
      accounts.sample(event, process, tree.parent(process), argv);
    },

    'idle-sample'(event) {
      const process = tree.idle(event);
      if (process === undefined) return;
      reclaim.sample(process);
      argv.of = process;
      accounts.sampleIdle(event, process, tree.parent(process), argv);
    },

    'thread-sample'(event) {
      const process = tree.find(event);
      if (process !== undefined) accounts.sampleThread(event, process);
    },

    'snapshot-end'({ at }) {
      tree.endSnapshot(at);
      accounts.endSnapshot(tree.live, at);
      reclaim.endSnapshot(at);
    },
  };
}
