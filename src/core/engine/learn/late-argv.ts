import type { Process } from '../../model/process.ts';
import type { Tree } from '../../tree/tree.ts';

const NO_ARGV = new Uint8Array(0);

/** The argv of a process, for whoever asks. */
export class LateArgv {
  of: Process | undefined;
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  get argv(): Uint8Array {
    return this.of === undefined ? NO_ARGV : this.#tree.argv(this.of);
  }
}
