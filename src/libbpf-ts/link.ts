import type { Pointer } from './foreign.ts';
import { Handle } from './handle.ts';
import { libbpf } from './library.ts';

/** A program at its hook. Closing it detaches the program; so does the end of the process. */
export class BpfLink {
  readonly program: string;
  readonly #handle: Handle;
  readonly #siblings: Set<BpfLink>;

  constructor(program: string, pointer: Pointer, siblings: Set<BpfLink>) {
    this.program = program;
    this.#handle = new Handle(`the link of ${program}`, pointer, (link) => libbpf().bpf_link__destroy(link));
    this.#siblings = siblings.add(this);
  }

  get fd(): number {
    return libbpf().bpf_link__fd(this.#handle.pointer);
  }

  /** Safe to call twice. */
  close(): void {
    this.#siblings.delete(this);
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
