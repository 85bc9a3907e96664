import { type FileHandle, open } from 'node:fs/promises';

import { type EndReason, type Entry, readEntry } from './entry.ts';
import { type Header, readHeader } from './header.ts';
import { Broken, lines } from './lines.ts';

/** Why there is no more: it was ended so, it was cut off, or what follows can't be read. */
export interface Ending {
  readonly how: EndReason | Broken['how'];
  /** A sentence for the last two; empty for the others. */
  readonly what: string;
}

type Batches = AsyncGenerator<readonly string[], void>;

/** Opens a recording. Throws one sentence when the file can't be read or is none. */
export async function openRecording(path: string): Promise<Recording> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${path}: ${error.code ?? error.message}`);
  });
  const batches = lines(file);
  try {
    const { value } = await batches.next();
    const [first, ...rest] = value ?? [];
    if (first === undefined) throw new Error('it is empty');
    return new Recording(file, batches, readHeader(parse(first)), rest);
  } catch (error) {
    await file.close();
    throw new Error(`${path} is no recording that can be replayed: ${wordsOf(error)}`);
  }
}

export class Recording {
  readonly header: Header;
  /** Known when all entries were read. */
  ending: Ending = { how: 'cut', what: 'it has no end: whoever recorded it was killed' };
  readonly #file: FileHandle;
  readonly #batches: Batches;
  readonly #first: readonly string[];
  /** The header is the first. */
  #line = 1;

  constructor(file: FileHandle, batches: Batches, header: Header, first: readonly string[]) {
    this.#file = file;
    this.#batches = batches;
    this.#first = first;
    this.header = header;
  }

  /** Some at a time, until the end or the damage; read once, and then the file is closed. */
  async *entries(): AsyncGenerator<readonly Entry[], void> {
    try {
      yield* this.#read(this.#first);
      for await (const batch of this.#batches) yield* this.#read(batch);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.ending = { how: error.how, what: error.message };
    } finally {
      await this.#file.close();
    }
  }

  /** What stands before a line that can't be read is good. */
  *#read(batch: readonly string[]): Generator<readonly Entry[], void> {
    const entries: Entry[] = [];
    for (const line of batch) {
      this.#line++;
      try {
        entries.push(readEntry(parse(line)));
      } catch (error) {
        yield entries;
        throw new Broken('damaged', `line ${this.#line} can't be read: ${wordsOf(error)}`);
      }
    }
    yield entries;
    const last = entries.at(-1);
    if (last?.entry === 'end') this.ending = { how: last.reason, what: '' };
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // At which character it failed says less than the line does.
    throw new Error(`expected JSON; got ${JSON.stringify(line.slice(0, 40))}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
