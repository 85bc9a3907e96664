import { join } from 'node:path';
import { BatchReader, BpfObject, readU64 } from '../../src/libbpf-ts/index.ts';
import { compileBpf } from '../../test/libbpf-ts/fixture.ts';

const NS_PER_SECOND = 1e9;

/** What would be said without looking back: each wait is the fault of whoever ran just before it ended. */
export class LastSlice {
  readonly #object: BpfObject;
  readonly #waits: BatchReader;

  constructor() {
    this.#object = BpfObject.open(compileBpf(new URL(`file://${join(import.meta.dirname, 'last-slice.bpf.c')}`)));
    this.#object.load();
    this.#object.program('on_switch').attach();
    this.#waits = new BatchReader(this.#object.map('waits'));
  }

  /** Seconds that a cgroup waited, by the cgroup that is accused; 0 stands for the kernel. */
  secondsOf(victimId: number): Map<number, number> {
    const seconds = new Map<number, number>();
    this.#waits.forEach((key, value) => {
      const { keys, values } = this.#waits;
      if (readU64(keys, key) === victimId) seconds.set(readU64(keys, key + 8), readU64(values, value) / NS_PER_SECOND);
    });
    return seconds;
  }

  close(): void {
    this.#object.close();
  }
}
