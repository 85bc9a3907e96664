import type { Event } from '../core/model/event.ts';
import { Decoder, decodeSamples } from '../core/wire/decoder.ts';
import { type BpfLink, IteratorReader } from '../libbpf-ts/index.ts';
import { unreadableIn } from './drain.ts';

/** What an iterator over all tasks writes, as events. */
export class Samples {
  readonly #reader: IteratorReader;
  #decoder: Decoder | undefined;
  #memory: ArrayBufferLike | undefined;
  #unreadableBefore = 0;

  constructor(link: BpfLink, initialBytes?: number) {
    this.#reader = new IteratorReader(link, initialBytes === undefined ? {} : { initialBytes });
  }

  get unreadable(): number {
    return this.#unreadableBefore + (this.#decoder === undefined ? 0 : unreadableIn(this.#decoder));
  }

  /** Throws `KernelError`. */
  read(emit: (event: Event) => void): void {
    const bytes = this.#reader.run();

    decodeSamples(this.#decoderOf(bytes), bytes.length, emit);
  }

  /** The reader's buffer is replaced when it grows. */
  #decoderOf(bytes: Uint8Array): Decoder {
    if (this.#decoder === undefined || this.#memory !== bytes.buffer) {
      this.#unreadableBefore = this.unreadable;
      this.#memory = bytes.buffer;
      this.#decoder = new Decoder(new Uint8Array(bytes.buffer));
    }
    return this.#decoder;
  }
}
