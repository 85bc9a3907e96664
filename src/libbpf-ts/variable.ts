import type { VariablePlace } from './btf.ts';
import { disown } from './foreign.ts';
import type { BpfMap } from './map.ts';

/** A number for an integer of its width, `bigint` above 2^53; bytes for everything else. */
export type VariableValue = number | bigint | boolean | Uint8Array;

const FIRST_KEY = new Uint8Array(4);

/** A global variable of an object: `const volatile` ones configure it, others carry counters out. */
export class BpfVariable {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #map: BpfMap;
  readonly #offset: number;

  constructor(map: BpfMap, place: VariablePlace) {
    this.name = place.name;
    this.sizeBytes = place.sizeBytes;
    this.#map = map;
    this.#offset = place.offsetBytes;
  }

  /** Sets the value that the programs will start with. Throws once the object is loaded: use a map for what changes. */
  write(value: VariableValue): void {
    const bytes = value instanceof Uint8Array ? value : encodeInteger(this.name, this.sizeBytes, BigInt(value));
    const memory = this.#map.initialMemory();

    if (bytes.byteLength !== this.sizeBytes) {
      throw new RangeError(`variable ${this.name} has ${this.sizeBytes} bytes, not ${bytes.byteLength}`);
    }
    memory?.set(bytes, this.#offset);
    if (memory) disown(memory.buffer as ArrayBuffer);
  }

  /** A copy of its bytes as they are in the kernel now. Reads its whole section: one system call. */
  read(): Uint8Array {
    const section = new Uint8Array(this.#map.entryBytes);

    this.#map.lookup(FIRST_KEY, section);
    return section.slice(this.#offset, this.#offset + this.sizeBytes);
  }
}

function encodeInteger(name: string, sizeBytes: number, value: bigint): Uint8Array {
  const fits = BigInt.asUintN(sizeBytes * 8, value) === value || BigInt.asIntN(sizeBytes * 8, value) === value;

  if (![1, 2, 4, 8].includes(sizeBytes))
    throw new RangeError(`variable ${name} is no integer: give its ${sizeBytes} bytes`);
  if (!fits) throw new RangeError(`variable ${name} has ${sizeBytes} bytes: ${value} does not fit`);
  return new Uint8Array(new BigInt64Array([value]).buffer, 0, sizeBytes);
}
