import { BLOCK_TEXT_BYTES, toBlock } from '../../src/recording/bgzf.ts';

/** A file of this text, blocks as a recorder writes them. */
export async function blocksOf(text: Buffer): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (let start = 0; start < text.length; start += BLOCK_TEXT_BYTES)
    blocks.push(await toBlock(text.subarray(start, start + BLOCK_TEXT_BYTES)));
  return Buffer.concat([...blocks, await toBlock(Buffer.alloc(0))]);
}
