import { getSystemErrorName } from 'node:util';

/**
 * Something that the kernel or libbpf refused, as one sentence: what failed, the errno by name, what to do.
 *
 * `program` is set when the refusal concerns one program, so that the caller can switch it off, open the object again and go on.
 */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  /** The errno's name, such as `EPERM`; libbpf's own codes are `LIBBPF_…`. */
  readonly code: string;
  readonly errno: number;
  readonly program: string | undefined;
  /** The verifier's log, whole, when there is one. */
  readonly log: string | undefined;
  /** What libbpf itself had to say, one line each. */
  readonly messages: readonly string[];

  constructor(action: string, errno: number, details: KernelErrorDetails = {}) {
    const code = errnoName(errno);
    const { advice = hintFor(code), log, messages = [], program } = details;

    super(
      [`cannot ${action}: ${code}`, advice, logTail(log) ?? firstMessage(code, messages)].filter(Boolean).join('; '),
    );
    this.code = code;
    this.errno = errno;
    this.program = program;
    this.log = log;
    this.messages = messages;
  }
}

export interface KernelErrorDetails {
  /** What the reader should do; the default follows from the errno. */
  readonly advice?: string | undefined;
  readonly program?: string | undefined;
  readonly log?: string | undefined;
  readonly messages?: readonly string[] | undefined;
}

/** Returns a C status that is not negative as it is; throws a `KernelError` for `-errno`. */
export function check(action: string, status: number, advice?: string): number {
  if (status < 0) throw new KernelError(action, -status, { advice });
  return status;
}

/** libbpf's own error numbers start here (`enum libbpf_errno`); ENOTSUPP is the kernel's, and not in any C library. */
const OWN_NAMES: Readonly<Record<number, string>> = {
  524: 'ENOTSUPP',
  4000: 'LIBBPF_LIBELF',
  4001: 'LIBBPF_FORMAT',
  4002: 'LIBBPF_KVERSION',
  4003: 'LIBBPF_ENDIAN',
  4004: 'LIBBPF_INTERNAL',
  4005: 'LIBBPF_RELOC',
  4006: 'LIBBPF_LOAD',
  4007: 'LIBBPF_VERIFY',
  4008: 'LIBBPF_PROG2BIG',
  4009: 'LIBBPF_KVER',
  4010: 'LIBBPF_PROGTYPE',
};

/** The name of a positive errno: 1 is `EPERM`. */
export function errnoName(errno: number): string {
  return OWN_NAMES[errno] ?? getSystemErrorName(-errno);
}

const HINTS: Readonly<Record<string, string>> = {
  EPERM: 'run as root or grant CAP_BPF and CAP_PERFMON (a kernel in lockdown refuses everyone)',
  EACCES: 'the kernel denied it: see the verifier log, or the permissions of the file',
  ENOENT: 'nothing has this name',
  ESRCH: 'the kernel has no such hook: it is too old, too new, or built without it',
  EINVAL: 'this kernel does not accept it: it may be too old, or a size is wrong',
  E2BIG: 'it is larger than the kernel allows: simplify the program or make the map smaller',
  ENOMEM: 'there is not enough memory: make the maps smaller or raise the memory limit of the cgroup',
  ENOSPC: 'there is no room left: the buffer or map is too small',
  EBUSY: 'something else holds it, or it is too late: configure before loading',
  EEXIST: 'it is there already',
  ENOSYS: 'this kernel was built without it: CONFIG_BPF_SYSCALL is needed',
  EOPNOTSUPP: 'this kernel does not support it',
  ENOTSUPP: 'this kernel does not support it',
  LIBBPF_LIBELF: 'the file is not an ELF object: compile it with clang -target bpf',
  LIBBPF_FORMAT: 'the file is not a BPF object: compile it with clang -g -O2 -target bpf',
  LIBBPF_ENDIAN: 'the object was compiled for the other byte order',
};

/** What usually helps against an errno, or nothing. */
export function hintFor(code: string): string | undefined {
  return HINTS[code];
}

/** Without privilege libbpf talks of memory locks and old kernels: our advice is better. */
function firstMessage(code: string, messages: readonly string[]): string | undefined {
  return code === 'EPERM' || messages.length === 0 ? undefined : `libbpf said: ${messages[0]}`;
}

/** Lines of the verifier's log that go into a message: its verdict stands at the end. */
const LOG_TAIL_LINES = 12;

function logTail(log: string | undefined): string | undefined {
  return log && `the verifier said:\n${log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')}`;
}
