import { check, KernelError } from './error.ts';
import { lastErrno, type Pointer } from './foreign.ts';
import type { Handle } from './handle.ts';
import { libbpf } from './library.ts';
import { BpfLink } from './link.ts';
import type { ObjectState } from './object.ts';
import { listen } from './print.ts';
import { readU64, viewBytes } from './u64.ts';

/** What an object lends to its programs and maps: they live as long as it does. */
export interface Owner {
  readonly handle: Handle;
  readonly links: Set<BpfLink>;
  readonly state: () => ObjectState;
}

/** Counted by the kernel while `RunStatistics` are on; totals since the program was loaded. */
export interface ProgramStatistics {
  readonly runTimeNs: number;
  readonly runs: number;
  /** Runs skipped because the program was already running on that CPU; kernels before 5.12 do not say. */
  readonly recursionMisses: number | undefined;
}

/** What the kernel knows of a loaded program. */
export interface ProgramDescription extends ProgramStatistics {
  readonly id: number;
  /** Machine code, in bytes; 0 when the JIT is off. */
  readonly jitedBytes: number;
  /** Instructions that the verifier walked; kernels before 5.16 do not say. */
  readonly verifiedInstructions: number | undefined;
}

/** One program of an object. */
export class BpfProgram {
  readonly name: string;
  /** Its section, which says where it attaches: `tp_btf/sched_process_fork`. */
  readonly section: string;
  readonly #owner: Owner;
  readonly #pointer: Pointer;

  constructor(owner: Owner, pointer: Pointer) {
    this.#owner = owner;
    this.#pointer = pointer;
    this.name = libbpf().bpf_program__name(pointer);
    this.section = libbpf().bpf_program__section_name(pointer);
  }

  /** Whether `load` will load this program. */
  get autoload(): boolean {
    return libbpf().bpf_program__autoload(this.#live());
  }

  set autoload(wanted: boolean) {
    check(`switch ${this.name} ${wanted ? 'on' : 'off'}`, libbpf().bpf_program__set_autoload(this.#live(), wanted));
  }

  /** Whether the program is in the kernel. */
  get loaded(): boolean {
    return libbpf().bpf_program__fd(this.#live()) >= 0;
  }

  get fd(): number {
    if (!this.loaded) throw new Error(`program ${this.name} is not loaded`);
    return libbpf().bpf_program__fd(this.#live());
  }

  /** Attaches the program to the hook that its section names, until the link or the object is closed. */
  attach(): BpfLink {
    const pointer = this.#live();

    if (!this.loaded) throw new Error(`cannot attach program ${this.name}: it is not loaded`);
    const { result, printed } = listen(() => libbpf().bpf_program__attach(pointer) ?? lastErrno());

    if (typeof result === 'number') {
      throw new KernelError(`attach ${this.name} to ${this.section}`, result, { ...printed, program: this.name });
    }
    return new BpfLink(this.name, result, this.#owner.links);
  }

  describe(): ProgramDescription {
    const length = programInfo(this.name, this.fd);

    return {
      id: info.getUint32(4, true),
      jitedBytes: info.getUint32(16, true),
      verifiedInstructions: length >= 220 ? info.getUint32(216, true) : undefined,
      ...statistics(length),
    };
  }

  /** Cheap enough for every scrape: one system call. */
  statistics(): ProgramStatistics {
    return statistics(programInfo(this.name, this.fd));
  }

  #live(): Pointer {
    return this.#owner.handle.pointer && this.#pointer;
  }
}

/** `struct bpf_prog_info` up to `attach_btf_id`; an older kernel fills less and says how much. */
const INFO_BYTES = 232;
const infoBytes = new Uint8Array(INFO_BYTES);
const info = viewBytes(infoBytes);
const infoLength = new Uint32Array(1);

function programInfo(name: string, fd: number): number {
  infoBytes.fill(0);
  infoLength[0] = INFO_BYTES;
  check(`describe program ${name}`, libbpf().bpf_obj_get_info_by_fd(fd, infoBytes, infoLength));
  return infoLength[0];
}

function statistics(length: number): ProgramStatistics {
  return {
    runTimeNs: readU64(info, 192),
    runs: readU64(info, 200),
    recursionMisses: length >= 216 ? readU64(info, 208) : undefined,
  };
}
