import type { FileHandle } from 'node:fs/promises';

import { blockLength, fromBlock, HEADER_BYTES } from './bgzf.ts';

/** From here on nothing can be read: the file ends too early, or holds something else. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly how: 'cut' | 'damaged';

  constructor(how: Broken['how'], message: string) {
    super(message);
    this.how = how;
  }
}

/** No line of ours is longer. */
const LINE_BYTES_MAX = 4 << 20;
const NEWLINE = 10;

/** Whole lines, some at a time; throws `Broken` after the last that is good. A line without an end is left out. */
export async function* lines(file: FileHandle): AsyncGenerator<readonly string[], void> {
  let rest: Uint8Array = Buffer.alloc(0);

  for await (const text of texts(file)) {
    const all = rest.length === 0 ? text : Buffer.concat([rest, text]);
    const end = all.lastIndexOf(NEWLINE);
    rest = all.subarray(end + 1);
    if (rest.length > LINE_BYTES_MAX) throw new Broken('damaged', 'a line has no end');
    if (end >= 0) yield all.toString('utf8', 0, end).split('\n');
  }
}

/** Of each block. */
async function* texts(file: FileHandle): AsyncGenerator<Buffer, void> {
  for (let at = 0; ; ) {
    const header = await readAt(file, at, HEADER_BYTES);
    if (header.length === 0) return;
    if (header.length < HEADER_BYTES) throw cutAt(at + header.length);
    const length = blockLength(header);
    if (length === undefined) throw new Broken('damaged', `no block of a recording begins at byte ${at}`);

    const block = await readAt(file, at, length);
    if (block.length < length) throw cutAt(at + block.length);
    const text = fromBlock(block);
    if (text === undefined) throw new Broken('damaged', `it is damaged between bytes ${at} and ${at + length}`);
    yield text;
    at += length;
  }
}

function cutAt(byte: number): Broken {
  return new Broken('cut', `it was cut off at byte ${byte}, in the middle of a block`);
}

/** Fewer bytes where the file ends. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(bytes, got, length - got, at + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}
