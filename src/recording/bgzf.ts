/**
 * The blocked gzip format, BGZF (section 4.1 of the SAM specification): members of gzip that each tell their length.
 *
 * `zcat` reads it as any gzip file. To us each block is whole or damaged by itself, so what was written before a power cut
 * is good, and the end is marked.
 */
import { promisify } from 'node:util';
import { crc32, deflateRaw, inflateRawSync } from 'node:zlib';

/** Of text in one block: no compression makes it longer than a block may be. */
export const BLOCK_TEXT_BYTES = 0xff00;
export const HEADER_BYTES = 18;

const FOOTER_BYTES = 8;
const LENGTH_AT = 16;
/** ID1, ID2, deflate, FEXTRA, no time, unknown system, six bytes of extra, subfield BC of two bytes: the block's length less one. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0);
const LEVEL_FAST = 1;

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);

/** Of at most `BLOCK_TEXT_BYTES`; of none it is the mark of the end. Works on another thread. */
export async function toBlock(text: Uint8Array): Promise<Buffer> {
  const packed = await deflate(text, { level: LEVEL_FAST });
  const block = Buffer.alloc(HEADER_BYTES + packed.length + FOOTER_BYTES);

  block.set(HEADER);
  block.writeUInt16LE(block.length - 1, LENGTH_AT);
  block.set(packed, HEADER_BYTES);
  block.writeUInt32LE(crc32(text), block.length - FOOTER_BYTES);
  block.writeUInt32LE(text.length, block.length - FOOTER_BYTES + 4);
  return block;
}

/** Length of the block that begins with this header; undefined when it is none. */
export function blockLength(header: Buffer): number | undefined {
  const length = header.readUInt16LE(LENGTH_AT) + 1;
  const isOurs = HEADER.every((byte, index) => header[index] === byte || (index >= 4 && index < 10));
  return isOurs && length > HEADER_BYTES + FOOTER_BYTES ? length : undefined;
}

/** The text of a whole block; undefined when it is damaged. */
export function fromBlock(block: Buffer): Buffer | undefined {
  const footer = block.length - FOOTER_BYTES;
  const textBytes = block.readUInt32LE(footer + 4);
  try {
    const text = inflateRawSync(block.subarray(HEADER_BYTES, footer), { maxOutputLength: 0x10000 });
    return text.length === textBytes && crc32(text) === block.readUInt32LE(footer) ? text : undefined;
  } catch {
    // How zlib words it is of no use to anyone; that the block is damaged is, and the caller says where.
    return undefined;
  }
}
