import type { TaskState } from '../core/model/process.ts';

const OPEN = '('.charCodeAt(0);
const CLOSE = ')'.charCodeAt(0);
const SPACE = 32;
const ZERO = 48;
const NINE = 57;

/** The numbers of proc_pid_stat(5), which are also their places in `StatLine.fields`. */
export const FIELD = {
  parent: 4,
  flags: 9,
  majorFaults: 12,
  userTicks: 14,
  systemTicks: 15,
  childrenUserTicks: 16,
  childrenSystemTicks: 17,
  threads: 20,
  startedTicks: 22,
  residentPages: 24,
} as const;

const FIRST = 3;
const LAST = FIELD.residentPages;

/** `/proc/PID/stat`, read in place. */
export class StatLine {
  /** Unsigned; of a negative number only the digits, so look at none of those. */
  readonly fields = new Float64Array(LAST + 1);
  commStart = 0;
  commEnd = 0;
  state: TaskState = 'running';

  /** False when this is no such line. A name may hold blanks, brackets and newlines: only the last bracket ends it. */
  parse(bytes: Uint8Array, length: number): boolean {
    const open = bytes.indexOf(OPEN);
    const close = bytes.subarray(0, length).lastIndexOf(CLOSE);
    if (open < 0 || close < open) return false;

    this.commStart = open + 1;
    this.commEnd = close;
    this.state = stateOf(bytes[close + 2] ?? 0);
    return this.#parseNumbers(bytes, close + 4, length);
  }

  #parseNumbers(bytes: Uint8Array, from: number, length: number): boolean {
    let field = FIRST + 1;
    let value = 0;

    for (let at = from; at < length && field <= LAST; at++) {
      const byte = bytes[at]!;
      if (byte >= ZERO && byte <= NINE) value = value * 10 + (byte - ZERO);
      else if (byte === SPACE) {
        this.fields[field++] = value;
        value = 0;
      }
    }
    return field > LAST;
  }
}

/** The letters of `task_state_array` in fs/proc/array.c. An idle kernel thread (I) is no load, so it sleeps. */
function stateOf(letter: number): TaskState {
  switch (String.fromCharCode(letter)) {
    case 'R':
      return 'running';
    case 'D':
      return 'uninterruptible';
    case 'T':
    case 't':
      return 'stopped';
    case 'Z':
    case 'X':
      return 'zombie';
    default:
      return 'sleeping';
  }
}
