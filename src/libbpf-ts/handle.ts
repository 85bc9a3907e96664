import type { Pointer } from './foreign.ts';

/**
 * A C pointer that is given back once.
 *
 * Every use goes through `pointer`, which throws after `close`: freed memory and NULL never reach C.
 */
export class Handle {
  readonly #what: string;
  readonly #release: (pointer: Pointer) => void;
  #pointer: Pointer | undefined;

  constructor(what: string, pointer: Pointer, release: (pointer: Pointer) => void) {
    this.#what = what;
    this.#pointer = pointer;
    this.#release = release;
  }

  get closed(): boolean {
    return this.#pointer === undefined;
  }

  get pointer(): Pointer {
    if (this.#pointer === undefined) throw new Error(`cannot use ${this.#what}: it is closed`);
    return this.#pointer;
  }

  /** Safe to call twice. */
  close(): void {
    const pointer = this.#pointer;

    this.#pointer = undefined;
    if (pointer !== undefined) this.#release(pointer);
  }
}
