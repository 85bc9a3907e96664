import type { Event } from '../model/event.ts';
import { emptyCgroup, emptyOom, emptyStorm, readCgroup, readOom, readStorm } from './incidental.ts';
import { KIND, LAYOUT } from './layout.ts';
import { Exec, emptyExit, emptyFork, emptyReap, readExec, readExit, readFork, readReap } from './lifecycle.ts';
import { type Memory, memoryOf, u32 } from './record.ts';
import {
  emptyIdleSample,
  emptyProcessSample,
  emptyThreadSample,
  processSampleSize,
  readIdleSample,
  readProcessSample,
  readThreadSample,
} from './samples.ts';
import { Texts } from './texts.ts';
import { readLongWait, readWaiting } from './waits.ts';

/** Records that could not be read, by cause. They are skipped; nothing is thrown. */
export interface Unreadable {
  /** A kind that this version does not know. */
  kind: number;
  /** Shorter than its kind, or than the texts that it announces. */
  length: number;
  /** A known kind with a member out of its range. */
  value: number;
  /** Not at a multiple of 8. */
  alignment: number;
}

/** The least length of a record, by kind; 0 for kinds that are not one. */
const SIZES: readonly number[] = Array.from({ length: KIND.waiting + 1 }, (_, kind) => sizeOf(kind));

/**
 * Reads records in place. Each kind has one event object, filled again by the next of its kind.
 *
 * The memory is never written, and may change behind our back without more harm than a wrong value.
 */
export class Decoder {
  readonly unreadable: Unreadable = { kind: 0, length: 0, value: 0, alignment: 0 };

  readonly #memory: Memory;
  readonly #fork = emptyFork();
  readonly #exec: Exec;
  readonly #exit = emptyExit();
  readonly #reap = emptyReap();
  readonly #storm = emptyStorm();
  readonly #oom = emptyOom();
  readonly #made = emptyCgroup('cgroup-made');
  readonly #removed = emptyCgroup('cgroup-removed');
  readonly #entered = emptyCgroup('cgroup-entered');
  readonly #process = emptyProcessSample();
  readonly #thread = emptyThreadSample();
  readonly #idle = emptyIdleSample();

  /** `bytes` begins at a multiple of 4 in its buffer, or a `RangeError` is thrown. Decoders may share their texts. */
  constructor(bytes: Uint8Array, texts: Texts = new Texts()) {
    this.#memory = memoryOf(bytes, texts);
    this.#exec = new Exec(bytes);
  }

  /** The record of `length` bytes at `offset`, or undefined when it is counted as unreadable. */
  decode(offset: number, length: number): Event | undefined {
    if ((offset & 7) !== 0) return this.#refuse('alignment');
    if (length < LAYOUT.event_header.size || offset + length > this.#memory.bytes.length) return this.#refuse('length');

    const kind = u32(this.#memory, offset);
    const size = SIZES[kind] ?? 0;
    if (size === 0) return this.#refuse('kind');
    if (length < size) return this.#refuse('length');
    return this.#read(kind, offset, length);
  }

  /** Length of the sample at `offset`; 0 when it does not end before `end`, NaN when there is no sample. */
  sampleLength(offset: number, end: number): number {
    if (offset + LAYOUT.event_header.size > end) return 0;

    const kind = u32(this.#memory, offset);
    if (kind === KIND.idleSample) return LAYOUT.idle_sample.size;
    if (kind === KIND.threadSample) return fitting(LAYOUT.thread_sample.size, offset, end);
    if (kind === KIND.waiting) return fitting(LAYOUT.waiting_sample.size, offset, end);
    if (kind !== KIND.processSample) return Number.NaN;
    if (offset + LAYOUT.process_sample.size > end) return 0;
    return fitting(processSampleSize(this.#memory, offset), offset, end);
  }

  #read(kind: number, offset: number, length: number): Event | undefined {
    const memory = this.#memory;
    switch (kind) {
      case KIND.fork:
        return readFork(memory, offset, this.#fork);
      case KIND.exec:
        return readExec(memory, offset, length, this.#exec) ?? this.#refuse('length');
      case KIND.exit:
        return readExit(memory, offset, this.#exit) ?? this.#refuse('value');
      case KIND.reap:
        return readReap(memory, offset, this.#reap);
      case KIND.storm:
        return readStorm(memory, offset, this.#storm) ?? this.#refuse('value');
      case KIND.oom:
        return readOom(memory, offset, this.#oom);
      case KIND.cgroupMade:
        return readCgroup(memory, offset, length, this.#made) ?? this.#refuse('length');
      case KIND.cgroupRemoved:
        return readCgroup(memory, offset, length, this.#removed) ?? this.#refuse('length');
      case KIND.cgroupEntered:
        return readCgroup(memory, offset, length, this.#entered) ?? this.#refuse('length');
      case KIND.longWait:
        return readLongWait(memory, offset) ?? this.#refuse('value');
      case KIND.waiting:
        return readWaiting(memory, offset) ?? this.#refuse('value');
      case KIND.processSample:
        if (processSampleSize(memory, offset) > length) return this.#refuse('length');
        return readProcessSample(memory, offset, this.#process) ?? this.#refuse('value');
      case KIND.idleSample:
        return readIdleSample(memory, offset, this.#idle);
      default:
        return readThreadSample(memory, offset, this.#thread) ?? this.#refuse('value');
    }
  }

  #refuse(cause: keyof Unreadable): undefined {
    this.unreadable[cause]++;
    return undefined;
  }
}

/**
 * Emits each of the samples that lie back to back in the first `length` bytes of the decoder's memory.
 *
 * Returns the bytes that are done with; the rest is the beginning of a sample whose end has not been read yet. Where
 * something else than a sample lies, nothing behind it can be found either: it counts as one unreadable record, and all
 * bytes are done with.
 */
export function decodeSamples(decoder: Decoder, length: number, emit: (event: Event) => void): number {
  let offset = 0;
  while (offset < length) {
    const size = decoder.sampleLength(offset, length);
    if (size === 0) return offset;
    if (Number.isNaN(size)) {
      decoder.unreadable.kind++;
      return length;
    }

    const sample = decoder.decode(offset, size);
    if (sample !== undefined) emit(sample);
    offset += size;
  }
  return offset;
}

function fitting(size: number, offset: number, end: number): number {
  return offset + size <= end ? size : 0;
}

function sizeOf(kind: number): number {
  switch (kind) {
    case KIND.fork:
      return LAYOUT.fork_event.size;
    case KIND.exec:
      return LAYOUT.exec_event.size;
    case KIND.exit:
      return LAYOUT.exit_event.size;
    case KIND.reap:
      return LAYOUT.reap_event.size;
    case KIND.storm:
      return LAYOUT.storm_event.size;
    case KIND.oom:
      return LAYOUT.oom_event.size;
    case KIND.cgroupMade:
    case KIND.cgroupRemoved:
    case KIND.cgroupEntered:
      return LAYOUT.cgroup_event.size;
    case KIND.longWait:
      return LAYOUT.wait_event.size;
    case KIND.waiting:
      return LAYOUT.waiting_sample.size;
    case KIND.processSample:
      return LAYOUT.process_sample.size;
    case KIND.threadSample:
      return LAYOUT.thread_sample.size;
    case KIND.idleSample:
      return LAYOUT.idle_sample.size;
    default:
      return 0;
  }
}
