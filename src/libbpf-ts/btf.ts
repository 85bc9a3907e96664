import { cString } from './elf.ts';
import { viewBytes } from './u64.ts';

/** Kinds of types, in the order of `BTF_KIND_*`; see `Documentation/bpf/btf.rst`. */
// biome-ignore format: a list to read at a glance
const KINDS = [
  'void', 'int', 'ptr', 'array', 'struct', 'union', 'enum', 'fwd', 'typedef', 'volatile', 'const', 'restrict',
  'func', 'func_proto', 'var', 'datasec', 'float', 'decl_tag', 'type_tag', 'enum64',
] as const;

export type BtfKind = (typeof KINDS)[number];

/** Bytes after a type's own 12: as [fixed, for each of its `vlen` parts]. */
const TAIL: Readonly<Partial<Record<BtfKind, readonly [number, number]>>> = {
  int: [4, 0],
  array: [12, 0],
  struct: [0, 12],
  union: [0, 12],
  enum: [0, 8],
  func_proto: [0, 8],
  var: [4, 0],
  datasec: [0, 12],
  decl_tag: [4, 0],
  enum64: [0, 12],
};

export interface BtfType {
  readonly id: number;
  readonly kind: BtfKind;
  readonly name: string;
  /** Members, parameters, enumerators or variables. */
  readonly parts: number;
  /** Size in bytes, or the type that this one refers to: the kind decides. */
  readonly sizeOrType: number;
  /** Where its parts begin in the type section. */
  readonly partsAt: number;
}

/** Where a global variable lies in an object. */
export interface VariablePlace {
  readonly name: string;
  /** The section, such as `.rodata` or `.bss`. */
  readonly section: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

const MAGIC = 0xeb9f;
const POINTER_BYTES = 8;

/** Type information of a kernel or an object: what is called how, and what is in it. Little-endian only. */
export class Btf {
  /** The type section; `BtfType.partsAt` is an offset into it. */
  readonly types: DataView;
  readonly #strings: Uint8Array;
  /** Where each type begins; type 0 is void and has no bytes. */
  readonly #starts: number[] = [-1];

  private constructor(types: Uint8Array, strings: Uint8Array) {
    this.types = viewBytes(types);
    this.#strings = strings;
    for (let at = 0; at < types.length; at += typeBytes(this.types, at)) this.#starts.push(at);
  }

  /** Keeps a view of `bytes`. Throws for what is not BTF, or has kinds of types that are unknown here. */
  static parse(bytes: Uint8Array): Btf {
    const view = viewBytes(bytes);

    if (bytes.length < 24 || view.getUint16(0, true) !== MAGIC) throw new Error('this is no little-endian BTF');
    const [header, typeOffset, typeLength, stringOffset, stringLength] = [4, 8, 12, 16, 20].map((at) =>
      view.getUint32(at, true),
    );
    const section = (offset: number, length: number) => bytes.subarray(header! + offset, header! + offset + length);

    return new Btf(section(typeOffset!, typeLength!), section(stringOffset!, stringLength!));
  }

  type(id: number): BtfType {
    const at = this.#starts[id];

    if (at === undefined) throw new Error(`BTF has no type ${id}`);
    if (id === 0) return { id, kind: 'void', name: '', parts: 0, sizeOrType: 0, partsAt: 0 };
    return {
      id,
      kind: kindAt(this.types, at),
      name: this.string(this.types.getUint32(at, true)),
      parts: this.types.getUint16(at + 4, true),
      sizeOrType: this.types.getUint32(at + 8, true),
      partsAt: at + 12,
    };
  }

  /** The first type of this kind and name. Looks at every type, 150,000 in a kernel: a millisecond or two. */
  find(kind: BtfKind, name: string): BtfType | undefined {
    const wanted = new TextEncoder().encode(`${name}\0`);
    const id = this.#starts.findIndex(
      (at, index) =>
        index > 0 && kindAt(this.types, at) === kind && this.#isNamed(this.types.getUint32(at, true), wanted),
    );

    return id < 0 ? undefined : this.type(id);
  }

  string(offset: number): string {
    return cString(this.#strings, offset);
  }

  /** Size of a type in bytes, looking through names, qualifiers and arrays; 0 for functions and void. */
  sizeOf(id: number): number {
    const { kind, sizeOrType, partsAt } = this.type(id);

    switch (kind) {
      case 'ptr':
        return POINTER_BYTES;
      case 'array':
        return this.sizeOf(this.types.getUint32(partsAt, true)) * this.types.getUint32(partsAt + 8, true);
      case 'typedef':
      case 'volatile':
      case 'const':
      case 'restrict':
      case 'type_tag':
      case 'var':
        return this.sizeOf(sizeOrType);
      case 'func':
      case 'func_proto':
      case 'fwd':
      case 'decl_tag':
        return 0;
      default:
        return sizeOrType;
    }
  }

  /** Where a global variable lies; of an object that libbpf has opened, since the compiler leaves the offsets to the linker. */
  variable(name: string): VariablePlace | undefined {
    for (let id = 1; id < this.#starts.length; id += 1) {
      const place =
        kindAt(this.types, this.#starts[id]!) === 'datasec' ? this.#variableOf(this.type(id), name) : undefined;

      if (place !== undefined) return place;
    }
    return undefined;
  }

  #variableOf(section: BtfType, name: string): VariablePlace | undefined {
    for (let index = 0; index < section.parts; index += 1) {
      const at = section.partsAt + index * 12;

      if (this.type(this.types.getUint32(at, true)).name !== name) continue;
      const [offsetBytes, sizeBytes] = [this.types.getUint32(at + 4, true), this.types.getUint32(at + 8, true)];

      return { name, section: section.name, offsetBytes, sizeBytes };
    }
    return undefined;
  }

  #isNamed(offset: number, wanted: Uint8Array): boolean {
    return wanted.every((byte, index) => this.#strings[offset + index] === byte);
  }
}

function kindAt(types: DataView, at: number): BtfKind {
  const number = (types.getUint32(at + 4, true) >>> 24) & 0x1f;
  const kind = KINDS[number];

  if (kind === undefined) throw new Error(`BTF has a type of kind ${number}, which is newer than this reader`);
  return kind;
}

function typeBytes(types: DataView, at: number): number {
  const [fixed, each] = TAIL[kindAt(types, at)] ?? [0, 0];

  return 12 + fixed + each * types.getUint16(at + 4, true);
}
