import { readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { CgroupId, StartedNs } from '../core/model/units.ts';
import { after, ascii, unsignedAt, valueAfter } from './bytes.ts';
import type { Cgroups } from './cgroups.ts';
import { isGone, isRefused, Scratch } from './scratch.ts';

/** What is remembered of a process between two passes, so that most cost one file. NaN: not for our eyes. */
export interface Known {
  readonly startedNs: StartedNs;
  pass: number;
  comm: string;
  /** CPU ticks and resident pages of the last pass: unmoved, the rest has hardly moved either. */
  ticks: number;
  residentPages: number;
  exe: string;
  uid: number;
  cgroupId: CgroupId;
  parentPid: number;
  parentStartedNs: StartedNs;
  anonymousBytes: number;
  fileBytes: number;
  sharedBytes: number;
  swapBytes: number;
  rssPeakBytes: number;
  readBytes: number;
  writeBytes: number;
  fds: number;
  fdLimit: number;
  oomScoreAdj: number;
  pidNamespace: number;
}

export function newKnown(startedNs: StartedNs): Known {
  return {
    startedNs,
    pass: 0,
    comm: '',
    ticks: -1,
    residentPages: -1,
    exe: '',
    uid: 0,
    cgroupId: 0,
    parentPid: -1,
    parentStartedNs: 0,
    anonymousBytes: Number.NaN,
    fileBytes: Number.NaN,
    sharedBytes: Number.NaN,
    swapBytes: Number.NaN,
    rssPeakBytes: Number.NaN,
    readBytes: Number.NaN,
    writeBytes: Number.NaN,
    fds: Number.NaN,
    fdLimit: Number.NaN,
    oomScoreAdj: 0,
    pidNamespace: 0,
  };
}

const UID = ascii('Uid:');
const ANONYMOUS = ascii('RssAnon:');
const FILE = ascii('RssFile:');
const SHARED = ascii('RssShmem:');
const SWAP = ascii('VmSwap:');
const PEAK = ascii('VmHWM:');
const READ = ascii('read_bytes:');
const WRITE = ascii('write_bytes:');
const MAX_FILES = ascii('Max open files');
const UNLIMITED = ascii('unlimited');
const MINUS = '-'.charCodeAt(0);
const NEWLINE = 10;
const KIB = 1024;

/** Reads the files of `/proc/PID` beside `stat`. Each throws only when the process is gone. */
export class ProcessFiles {
  readonly #proc: string;
  readonly #scratch = new Scratch(4096);
  readonly #cgroups: Cgroups;
  /** Kernels before 6.2 show a directory of descriptors as empty. */
  readonly #tellsFds = statSync('/proc/self/fd').size > 0;

  constructor(procRoot: string, cgroups: Cgroups) {
    this.#proc = procRoot;
    this.#cgroups = cgroups;
  }

  /** What moves when a process runs. */
  refreshUse(pid: string, known: Known): void {
    const { bytes } = this.#scratch;
    const length = this.#read(pid, 'status');
    const bytesOf = (key: Uint8Array) => valueAfter(bytes, length, key) * KIB;

    // A process without memory of its own, a zombie or a kernel thread, has no such lines: it holds nothing.
    const hasMemory = !Number.isNaN(valueAfter(bytes, length, ANONYMOUS));
    known.uid = valueAfter(bytes, length, UID);
    known.anonymousBytes = hasMemory ? bytesOf(ANONYMOUS) : 0;
    known.fileBytes = hasMemory ? bytesOf(FILE) : 0;
    known.sharedBytes = hasMemory ? bytesOf(SHARED) : 0;
    known.swapBytes = hasMemory ? bytesOf(SWAP) : 0;
    known.rssPeakBytes = hasMemory ? bytesOf(PEAK) : 0;
    known.fds = this.#tellsFds ? attempt(() => statSync(`${this.#proc}/${pid}/fd`).size, Number.NaN) : Number.NaN;
    attempt(() => this.#refreshIo(pid, known), undefined);
  }

  /** What rarely changes. */
  refreshPlace(pid: string, known: Known): void {
    known.cgroupId = attempt(() => this.#cgroupOf(pid), known.cgroupId);
    known.fdLimit = attempt(() => this.#fdLimitOf(pid), Number.NaN);
    known.oomScoreAdj = attempt(() => this.#signedIn(pid, 'oom_score_adj'), 0);
    known.pidNamespace = attempt(() => statSync(`${this.#proc}/${pid}/ns/pid`).ino, 0);
  }

  /** Base name of the executable; empty for kernel threads, and where we may not look. */
  exeOf(pid: string): string {
    const target = attempt(() => readlinkSync(`${this.#proc}/${pid}/exe`, 'buffer'), undefined);

    return target === undefined ? '' : basename(target.toString('utf8').replace(/ \(deleted\)$/, ''));
  }

  #refreshIo(pid: string, known: Known): void {
    const length = this.#read(pid, 'io');

    known.readBytes = valueAfter(this.#scratch.bytes, length, READ);
    known.writeBytes = valueAfter(this.#scratch.bytes, length, WRITE);
  }

  #fdLimitOf(pid: string): number {
    const length = this.#read(pid, 'limits');
    const { bytes } = this.#scratch;
    const at = after(bytes, 0, length, MAX_FILES);
    const lineEnd = bytes.indexOf(NEWLINE, at);

    if (at < 0) return Number.NaN;
    const soft = unsignedAt(bytes, at, length);
    return Number.isNaN(soft) && after(bytes, at, lineEnd, UNLIMITED) > 0 ? Number.POSITIVE_INFINITY : soft;
  }

  #signedIn(pid: string, file: string): number {
    const length = this.#read(pid, file);
    const { bytes } = this.#scratch;

    return bytes[0] === MINUS ? -unsignedAt(bytes, 1, length) : unsignedAt(bytes, 0, length);
  }

  /** One that only a walk can find is the root's until then. */
  #cgroupOf(pid: string): CgroupId {
    const length = this.#read(pid, 'cgroup');
    const { bytes } = this.#scratch;
    const at = lineAfter(bytes, length, this.#cgroups.prefix);
    const end = bytes.indexOf(NEWLINE, at);
    const path = at < 0 ? '/' : this.#scratch.text(at, end < 0 ? length : end);
    const cgroup = this.#cgroups.find(path.replace(/ \(deleted\)$/, ''));

    return (cgroup ?? this.#cgroups.byPath('/'))?.id ?? 1;
  }

  #read(pid: string, file: string): number {
    return this.#scratch.read(`${this.#proc}/${pid}/${file}`);
  }
}

/** Behind the beginning of a line, or -1: the other lines hold paths, which anybody may call what they like. */
function lineAfter(bytes: Uint8Array, end: number, beginning: Uint8Array): number {
  let at = after(bytes, 0, end, beginning);
  while (at > beginning.length && bytes[at - beginning.length - 1] !== NEWLINE) at = after(bytes, at, end, beginning);
  return at;
}

/** The answer, or `otherwise` when it is not for us. That the process is gone is the caller's business. */
function attempt<Answer>(ask: () => Answer, otherwise: Answer): Answer {
  try {
    return ask();
  } catch (error) {
    if (isGone(error) || isRefused(error)) return otherwise;
    throw error;
  }
}
