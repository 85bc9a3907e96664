import type { HostEvent } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import { after, ascii, unsignedAt, valueAfter } from './bytes.ts';
import type { Writable } from './limits/writable.ts';
import { ProcFiles } from './proc-files.ts';
import { Scratch } from './scratch.ts';

const PROCESSES = ascii('processes');
const TOTAL = ascii('MemTotal:');
const AVAILABLE = ascii('MemAvailable:');
const SWAP_FREE = ascii('SwapFree:');
const SLASH = ascii('/');
const TAB = ascii('\t');

/** Limits that a person sets need not be known within the second. */
const LIMITS_EVERY_MS = 30_000;
const KIBIBYTE = 1024;
const { NaN: NOT_KNOWN } = Number;

/** Reads what the host uses as a whole, and what it may use, from `/proc`. */
export class HostReader {
  readonly #procRoot: string;
  /** The line of `stat` that is wanted stands behind one that is as long as the machine has interrupts. */
  readonly #files: ProcFiles;
  #limitsAt: Instant = Number.NEGATIVE_INFINITY;
  readonly #event: Writable<HostEvent> = {
    kind: 'host',
    at: 0,
    taskStarts: NOT_KNOWN,
    tasks: NOT_KNOWN,
    tasksMax: NOT_KNOWN,
    filesOpen: NOT_KNOWN,
    filesMax: NOT_KNOWN,
    memoryTotalBytes: NOT_KNOWN,
    memoryAvailableBytes: NOT_KNOWN,
    swapFreeBytes: NOT_KNOWN,
  };

  constructor(procRoot: string) {
    this.#procRoot = procRoot;
    this.#files = new ProcFiles(procRoot, new Scratch(64 * 1024));
  }

  /** The same object is filled in again by the next. Throws where `/proc` is not what it should be. */
  read(at: Instant): HostEvent {
    this.#event.at = at;
    this.#readTaskStarts();
    this.#readTasks();
    this.#readFiles();
    this.#readMemory();
    if (at - this.#limitsAt >= LIMITS_EVERY_MS) this.#readTasksMax(at);
    return this.#event;
  }

  /** Safe to call twice. */
  close(): void {
    this.#files.close();
  }

  #readTaskStarts(): void {
    const length = this.#files.read('stat');
    if (length < 0) throw new Error(this.#files.reason);

    this.#event.taskStarts = this.#valueAfter(length, PROCESSES);
    if (Number.isNaN(this.#event.taskStarts)) throw new Error(`${this.#procRoot}/stat has no line "processes"`);
  }

  /** `0.20 0.18 0.12 1/80 11206`: runnable and all tasks stand third to last. */
  #readTasks(): void {
    const length = this.#files.read('loadavg');
    const { bytes } = this.#files.scratch;
    const slash = length < 0 ? -1 : after(bytes, 0, length, SLASH);

    this.#event.tasks = slash < 0 ? NOT_KNOWN : unsignedAt(bytes, slash, length);
  }

  /** `864`, `0`, `2466160`, tabs between; the second means nothing since Linux 2.6. */
  #readFiles(): void {
    const length = this.#files.read('sys/fs/file-nr');
    const { bytes } = this.#files.scratch;
    const second = length < 0 ? -1 : after(bytes, 0, length, TAB);
    const third = second < 0 ? -1 : after(bytes, second, length, TAB);

    this.#event.filesOpen = unsignedAt(bytes, 0, length);
    this.#event.filesMax = third < 0 ? NOT_KNOWN : unsignedAt(bytes, third, length);
  }

  #readMemory(): void {
    const length = this.#files.read('meminfo');

    this.#event.memoryTotalBytes = this.#valueAfter(length, TOTAL) * KIBIBYTE;
    this.#event.memoryAvailableBytes = this.#valueAfter(length, AVAILABLE) * KIBIBYTE;
    this.#event.swapFreeBytes = this.#valueAfter(length, SWAP_FREE) * KIBIBYTE;
  }

  #readTasksMax(at: Instant): void {
    const pids = this.#files.readNumber('sys/kernel/pid_max');
    const threads = this.#files.readNumber('sys/kernel/threads-max');

    this.#limitsAt = at;
    this.#event.tasksMax = Number.isNaN(pids + threads) ? NOT_KNOWN : Math.min(pids, threads);
  }

  #valueAfter(length: number, key: Uint8Array): number {
    return valueAfter(this.#files.scratch.bytes, length, key);
  }
}
