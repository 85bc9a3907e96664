import { closeSync, readSync } from 'node:fs';
import { check } from './error.ts';
import { libbpf } from './library.ts';
import type { BpfLink } from './link.ts';

/** Where an iterator's buffer stops growing unless told otherwise: 64 MiB are 300,000 tasks of 200 bytes. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Runs an attached iterator program (`SEC("iter/task")`) and collects what it writes.
 *
 * One buffer is kept and grows to the largest output seen; it never shrinks.
 */
export class IteratorReader {
  readonly #link: BpfLink;
  readonly #bytesMax: number;
  #buffer: Uint8Array;

  constructor(link: BpfLink, { initialBytes = 256 * 1024, bytesMax = OUTPUT_BYTES_MAX } = {}) {
    this.#link = link;
    this.#bytesMax = bytesMax;
    this.#buffer = new Uint8Array(initialBytes);
  }

  /**
   * One whole pass. The bytes are valid until the next.
   *
   * Throws `KernelError` when the kernel refuses, `RangeError` when the output exceeds `bytesMax`.
   */
  run(): Uint8Array {
    const fd = check(`run the iterator ${this.#link.program}`, libbpf().bpf_iter_create(this.#link.fd));

    try {
      const length = this.#readAll(fd);

      return this.#buffer.subarray(0, length);
    } finally {
      closeSync(fd);
    }
  }

  #readAll(fd: number): number {
    let length = 0;

    for (;;) {
      if (length === this.#buffer.length) this.#grow();
      const read = readSome(fd, this.#buffer, length);

      if (read === 0) return length;
      length += read;
    }
  }

  #grow(): void {
    const bytes = this.#buffer.length * 2;

    if (bytes > this.#bytesMax) {
      throw new RangeError(
        `the iterator ${this.#link.program} wrote more than ${this.#buffer.length} bytes; raise bytesMax`,
      );
    }
    const larger = new Uint8Array(bytes);

    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

/** The kernel answers EAGAIN after a million elements that wrote nothing, to let others run: asking again goes on. */
function readSome(fd: number, into: Uint8Array, offset: number): number {
  for (;;) {
    try {
      return readSync(fd, into, offset, into.length - offset, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
