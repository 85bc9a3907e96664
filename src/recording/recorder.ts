import { type FileHandle, open, rename, stat } from 'node:fs/promises';

import type { Event } from '../core/model/event.ts';
import { BLOCK_TEXT_BYTES, toBlock } from './bgzf.ts';
import { type EndReason, type Entry, writeEntry } from './entry.ts';
import { type Header, type RecordedRule, writeHeader } from './header.ts';

export interface RecorderOptions {
  readonly path: string;
  readonly header: Omit<Header, 'version'>;
  /** The file never grows beyond it. */
  readonly bytesMax: number;
  readonly warn: (message: string) => void;
}

export interface RecorderReading {
  readonly isActive: boolean;
  readonly bytes: number;
  readonly written: number;
  readonly dropped: number;
}

/** What a kill -9 can cost. */
const SEAL_EVERY_MS = 1_000;
const CHUNK_CHARACTERS = 60_000;
/** Text that waits for the disk; beyond it events are dropped, and counted. */
const PENDING_BYTES_MAX = 8 << 20;
/** More than the two blocks of the end take. */
const END_BYTES = 256;
const CLOSE_MS_MAX = 1_000;

interface Chunk {
  readonly text: Buffer;
  readonly events: number;
}

/** Writes events to a file. The disk may be slow, or full: that costs the recording, and nothing else. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #file: FileHandle;
  readonly #sealing: NodeJS.Timeout;
  readonly #queue: Chunk[] = [];
  #working: Promise<void> | undefined;
  #text = '';
  #events = 0;
  #pendingBytes = 0;
  /** Dropped since the last event that was not. */
  #lost = 0;
  #hasEnded = false;
  #bytes = 0;
  #written = 0;
  #dropped = 0;

  /** Throws one sentence when the file can't be opened. One that is there already is kept beside it, as `.1`. */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const { path } = options;
    try {
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile()) await rename(path, `${path}.1`);
      return new Recorder(options, await open(path, 'w', 0o600));
    } catch (error) {
      throw new Error(`cannot record to ${path}: ${codeOf(error)}; name a file in a folder that can be written`);
    }
  }

  private constructor(options: RecorderOptions, file: FileHandle) {
    this.#options = options;
    this.#file = file;
    this.#text = `${writeHeader(options.header)}\n`;
    this.#sealing = setInterval(() => this.#seal(), SEAL_EVERY_MS).unref();
  }

  reading(): RecorderReading {
    return { isActive: !this.#hasEnded, bytes: this.#bytes, written: this.#written, dropped: this.#dropped };
  }

  observe(event: Event): void {
    if (this.#hasEnded || this.#pendingBytes >= PENDING_BYTES_MAX) {
      this.#dropped++;
      this.#lost++;
      return;
    }
    this.#tellLoss();
    this.#put({ entry: 'event', event });
    this.#events++;
    if (this.#text.length >= CHUNK_CHARACTERS) this.#seal();
  }

  /** The rules of groups are others from now on. */
  changeRules(rules: readonly RecordedRule[]): void {
    this.#put({ entry: 'rules', rules });
  }

  /** Detectors judge otherwise from now on. */
  changeDetectors(settings: object): void {
    this.#put({ entry: 'detectors', settings });
  }

  /** Writes what waits and the end, for a second at most. Safe to call twice. */
  async close(): Promise<void> {
    clearInterval(this.#sealing);
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(late.resolve, CLOSE_MS_MAX, 'late' as const);
    if ((await Promise.race([this.#finish(), late.promise])) === 'late')
      this.#options.warn(`the recording ${this.#options.path} lacks its end: the disk takes too long`);
    clearTimeout(timer);
  }

  async #finish(): Promise<void> {
    this.#tellLoss();
    this.#seal();
    await this.#working;
    if (!this.#hasEnded) await this.#end('stopped');
    await this.#file.close();
  }

  #tellLoss(): void {
    if (this.#lost > 0) this.#put({ entry: 'lost', events: this.#lost });
    this.#lost = 0;
  }

  #put(entry: Entry): void {
    this.#text += `${writeEntry(entry)}\n`;
  }

  #seal(): void {
    if (this.#text === '') return;
    const chunk = { text: Buffer.from(this.#text), events: this.#events };
    this.#text = '';
    this.#events = 0;
    this.#pendingBytes += chunk.text.length;
    this.#queue.push(chunk);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      if (this.#hasEnded || !(await this.#store(chunk.text))) this.#dropped += chunk.events;
      else this.#written += chunk.events;
      this.#pendingBytes -= chunk.text.length;
    }
    this.#working = undefined;
  }

  /** Whether it is in the file; if not, nothing will be any more. */
  async #store(text: Buffer): Promise<boolean> {
    const blocks: Buffer[] = [];
    for (let start = 0; start < text.length; start += BLOCK_TEXT_BYTES)
      blocks.push(await toBlock(text.subarray(start, start + BLOCK_TEXT_BYTES)));
    const bytes = Buffer.concat(blocks);

    if (this.#bytes + bytes.length + END_BYTES <= this.#options.bytesMax) return await this.#append(bytes);
    await this.#end('size');
    this.#options.warn(`the recording ${this.#options.path} has reached its size: nothing more is recorded`);
    return false;
  }

  async #end(reason: EndReason): Promise<void> {
    const last = await toBlock(Buffer.from(`${writeEntry({ entry: 'end', reason })}\n`));
    await this.#append(Buffer.concat([last, await toBlock(Buffer.alloc(0))]));
    this.#hasEnded = true;
  }

  async #append(bytes: Buffer): Promise<boolean> {
    try {
      for (let start = 0; start < bytes.length; )
        start += (await this.#file.write(bytes, start, bytes.length - start)).bytesWritten;
      this.#bytes += bytes.length;
      return true;
    } catch (error) {
      this.#hasEnded = true;
      // Half a block would hide that all before it is whole. What is no file can't be cut, and need not be.
      const cut = await this.#file.truncate(this.#bytes).then(() => '', codeOf);
      const rest = cut === '' ? 'what it holds so far can be replayed' : `and it can't be cut to what is whole: ${cut}`;
      this.#options.warn(`the recording ${this.#options.path} ends here: ${codeOf(error)}; ${rest}`);
      return false;
    }
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
