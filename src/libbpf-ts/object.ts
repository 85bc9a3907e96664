import { basename } from 'node:path';
import koffi from 'koffi';
import { Btf } from './btf.ts';
import { KernelError } from './error.ts';
import { lastErrno, type Pointer, viewOf } from './foreign.ts';
import { Handle } from './handle.ts';
import { hasKernelBtf, KERNEL_BTF_ADVICE } from './kernel-btf.ts';
import { libbpf } from './library.ts';
import type { BpfLink } from './link.ts';
import { BpfMap } from './map.ts';
import { listen, type Printed } from './print.ts';
import { BpfProgram } from './program.ts';
import { BpfVariable, type VariableValue } from './variable.ts';

/** Where an object is in its life; configuring is for `open`, attaching for `loaded`. A load that failed is final. */
export type ObjectState = 'open' | 'loaded' | 'failed';

/**
 * A compiled BPF object: open it, configure it, load it, attach its programs, close it.
 *
 * Closing detaches every program that was attached through it. `using` closes it for you.
 */
export class BpfObject {
  readonly name: string;
  readonly programs: readonly BpfProgram[];
  readonly maps: readonly BpfMap[];
  readonly #handle: Handle;
  readonly #links = new Set<BpfLink>();
  #state: ObjectState = 'open';
  #btf: Btf | undefined;

  private constructor(name: string, pointer: Pointer) {
    this.name = name;
    this.#handle = new Handle(name, pointer, (object) => libbpf().bpf_object__close(object));

    const owner = { handle: this.#handle, links: this.#links, state: () => this.#state };

    this.programs = pointers(libbpf().bpf_object__next_program, pointer).map((each) => new BpfProgram(owner, each));
    this.maps = pointers(libbpf().bpf_object__next_map, pointer).map((each) => new BpfMap(owner, each));
  }

  /** Opens a file or its bytes; nothing reaches the kernel yet. Throws `KernelError` for what is not a BPF object. */
  static open(source: string | Uint8Array, name = typeof source === 'string' ? basename(source) : 'object'): BpfObject {
    const { result, printed } = listen(() => {
      const pointer =
        typeof source === 'string' ? libbpf().bpf_object__open_file(source, null) : openBytes(source, name);

      return pointer ?? lastErrno();
    });

    if (typeof result === 'number') {
      throw new KernelError(`open ${typeof source === 'string' ? source : name}`, result, printed);
    }
    return new BpfObject(name, result);
  }

  get state(): ObjectState {
    return this.#state;
  }

  /** The program of this function name; throws when there is none. */
  program(name: string): BpfProgram {
    return this.#named('program', this.programs, name);
  }

  /** The map of this name; throws when there is none. */
  map(name: string): BpfMap {
    return this.#named('map', this.maps, name);
  }

  /** The global variable of this name; throws when there is none. */
  variable(name: string): BpfVariable {
    const pointer = this.#handle.pointer;

    this.#btf ??= readBtf(pointer, this.name);

    const place = this.#btf.variable(name);
    // libbpf calls the map of a section after the object too (`probes.rodata`), cut to 15 characters.
    const map = place && this.maps.find((each) => each.name === place.section || each.name.endsWith(place.section));

    if (place === undefined || map === undefined) throw new Error(`${this.name} has no variable ${name}`);
    return new BpfVariable(map, place);
  }

  /** Gives global variables their values, by name; for an object that is not loaded yet. */
  configure(values: Readonly<Record<string, VariableValue>>): this {
    for (const [name, value] of Object.entries(values)) this.variable(name).write(value);
    return this;
  }

  /**
   * Creates the maps and passes every program with `autoload` through the verifier.
   *
   * Throws `KernelError`; its `program` and `log` tell whom the verifier refused and why. A refusal is final for the
   * object: open another, with that program's `autoload` off (see `loadWhatWorks`).
   */
  load(): this {
    const pointer = this.#handle.pointer;

    if (this.#state !== 'open') throw new Error(`cannot load ${this.name}: it is ${this.#state} already`);

    const { result, printed } = listen(() => libbpf().bpf_object__load(pointer));

    this.#state = result < 0 ? 'failed' : 'loaded';
    if (result < 0) throw loadError(this.name, -result, printed);
    return this;
  }

  /** Detaches what was attached, and frees the rest. Safe to call twice. */
  close(): void {
    for (const link of this.#links) link.close();
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #named<Part extends { readonly name: string }>(kind: string, parts: readonly Part[], name: string): Part {
    const part = parts.find((each) => each.name === name);

    if (part === undefined)
      throw new Error(`${this.name} has no ${kind} ${name}; it has ${parts.map((each) => each.name).join(', ')}`);
    return part;
  }
}

/** `struct bpf_object_open_opts` up to its second member: the size of what is given, and a name. */
function openBytes(bytes: Uint8Array, name: string): Pointer | null {
  const text = Buffer.from(`${name}\0`);
  const options = new BigUint64Array([16n, koffi.address(text)]);
  const pointer = libbpf().bpf_object__open_mem(bytes, bytes.byteLength, options);

  // The name is read during the call only; using it here keeps it from being collected before.
  return text.length > 0 ? pointer : null;
}

function pointers(next: (object: Pointer, previous: Pointer | null) => Pointer | null, object: Pointer): Pointer[] {
  const found: Pointer[] = [];

  for (let each = next(object, null); each !== null; each = next(object, each)) found.push(each);
  return found;
}

function readBtf(object: Pointer, name: string): Btf {
  const size = new Uint32Array(1);
  const btf = libbpf().bpf_object__btf(object);
  const bytes = btf && libbpf().btf__raw_data(btf, size);

  if (bytes === null) throw new Error(`${name} has no BTF; compile it with clang -g`);
  return Btf.parse(new Uint8Array(viewOf(bytes, size[0]!)).slice());
}

const VERIFIER_ADVICE = 'mend the program, or switch its autoload off';

function loadError(name: string, errno: number, printed: Printed): KernelError {
  const { program, log } = printed;
  const action = program === undefined ? `load ${name}` : `load program ${program} of ${name}`;

  if (log !== undefined) return new KernelError(action, errno, { ...printed, advice: VERIFIER_ADVICE });
  return new KernelError(action, errno, hasKernelBtf() ? printed : { ...printed, advice: KERNEL_BTF_ADVICE });
}
