import koffi from 'koffi';
import { type Pointer, textAt } from './foreign.ts';
import { libc } from './libc.ts';
import { libbpf } from './library.ts';

/** What libbpf printed during a call: warnings line by line, and the verifier's logs by program. */
export interface Printed {
  readonly messages: string[];
  /** The program that the last warning about a program named. */
  program?: string;
  log?: string;
}

/**
 * Runs `work` with libbpf's printing turned towards us, instead of standard error.
 *
 * The format is expanded by the C library's `vsnprintf`: in a callback a `va_list` arrives as one pointer on x86-64, arm64 and riscv64,
 * so that it can be handed on without knowing its layout.
 */
export function listen<Result>(work: () => Result): { result: Result; printed: Printed } {
  const printed: Printed = { messages: [] };
  const outer = current;
  const previous = libbpf().libbpf_set_print(printer());

  current = printed;
  try {
    return { result: work(), printed };
  } finally {
    current = outer;
    libbpf().libbpf_set_print(previous);
  }
}

let current: Printed | undefined;
let registered: Pointer | undefined;

function printer(): Pointer {
  const type = koffi.pointer(koffi.proto('int (int level, void *format, void *args)'));

  registered ??= koffi.register(onPrint, type);
  return registered;
}

const WARN = 0;

function onPrint(level: number, format: Pointer, args: Pointer): number {
  if (level !== WARN || current === undefined) return 0;

  const isVerifierLog = textAt(format).includes('BEGIN PROG LOAD LOG');
  const text = expand(format, args, isVerifierLog ? LOG_BYTES_MAX : MESSAGE_BYTES_MAX);

  record(current, text.replace(/^libbpf: /, '').trimEnd());
  return 0;
}

const LOG_MARKS = /^prog '(.*)': -- BEGIN PROG LOAD LOG --\n(.*?)(?:-- END PROG LOAD LOG --)?$/s;

function record(printed: Printed, text: string): void {
  const [, verified, log] = LOG_MARKS.exec(text) ?? [];
  const program = verified ?? /^prog '(.*?)':/.exec(text)?.[1];

  if (program !== undefined) printed.program = program;
  if (log !== undefined) printed.log = log.trimEnd();
  else if (!text.startsWith('Failed to bump RLIMIT_MEMLOCK')) printed.messages.push(text);
}

const MESSAGE_BYTES_MAX = 8 * 1024;
/** libbpf's own log buffer holds 16 MiB; pages of ours that stay unwritten are never resident. */
const LOG_BYTES_MAX = 17 * 1024 * 1024;

function expand(format: Pointer, args: Pointer, bytesMax: number): string {
  const bytes = Buffer.allocUnsafeSlow(bytesMax);
  const length = libc().vsnprintf(bytes, bytesMax, format, args);

  return bytes.toString('utf8', 0, Math.max(0, Math.min(length, bytesMax - 1)));
}
