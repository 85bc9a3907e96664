import type { Usage } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { LAYOUT } from './layout.ts';
import type { Texts } from './texts.ts';

/** The same shape, ours to fill again. */
export type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] extends Usage ? WritableUsage : Shape[Key] };

export type WritableUsage = { -readonly [Key in keyof Usage]: Usage[Key] };

/** Memory that records lie in, seen as bytes and as words. Offsets are in bytes and multiples of 4. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly texts: Texts;
}

export const NS_PER_MS = 1e6;

const HEADER = LAYOUT.event_header.fields;
const USAGE = LAYOUT.usage.fields;

/** Throws a `RangeError` unless `bytes` begins at a multiple of 4 in its buffer. */
export function memoryOf(bytes: Uint8Array, texts: Texts): Memory {
  return { bytes, words: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2), texts };
}

export function u32({ words }: Memory, offset: number): number {
  return words[offset >>> 2]!;
}

/** Beyond 2^53 rounded to the nearest number, the same way each time. */
export function u64({ words }: Memory, offset: number): number {
  const index = offset >>> 2;
  return words[index]! + words[index + 1]! * 0x1_0000_0000;
}

export function u16({ bytes }: Memory, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8);
}

export function comm({ words, texts }: Memory, offset: number): string {
  return texts.comm(words, offset >>> 2);
}

export function pidOf(memory: Memory, start: number): number {
  return u32(memory, start + HEADER.pid);
}

export function startedNsOf(memory: Memory, start: number): number {
  return u64(memory, start + HEADER.started_ns);
}

export function atOf(memory: Memory, start: number): Instant {
  return u64(memory, start + HEADER.at_ns) / NS_PER_MS;
}

/**
 * For events of any shape. Where one function writes to more than four shapes, V8 looks each member up and makes an object
 * of each number beyond 31 bits; so the readers of the frequent kinds call the three above by themselves.
 */
export function readIdentity(
  memory: Memory,
  start: number,
  event: { at: number; pid: number; startedNs: number },
): void {
  event.pid = pidOf(memory, start);
  event.startedNs = startedNsOf(memory, start);
  event.at = atOf(memory, start);
}

export function readUsage(memory: Memory, offset: number, used: WritableUsage): void {
  used.runtimeNs = u64(memory, offset + USAGE.runtime_ns);
  used.userNs = u64(memory, offset + USAGE.user_ns);
  used.systemNs = u64(memory, offset + USAGE.system_ns);
  used.readBytes = u64(memory, offset + USAGE.read_bytes);
  used.writeBytes = u64(memory, offset + USAGE.write_bytes);
  used.majorFaults = u64(memory, offset + USAGE.major_faults);
}

export function noUsage(): WritableUsage {
  return { runtimeNs: 0, userNs: 0, systemNs: 0, readBytes: 0, writeBytes: 0, majorFaults: 0 };
}
