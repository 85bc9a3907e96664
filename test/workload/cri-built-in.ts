import { readFileSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from '@grpc/proto-loader';
import { write } from '../../src/workload/cri/protobuf.ts';

/** As Go's compress/gzip begins what it writes: no name, no time. */
const GZIP = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
/** More than the description of any file of definitions takes. */
const COMPRESSED_BYTES_MAX = 1 << 18;
/** `package` of a FileDescriptorProto. */
const PACKAGE = Buffer.from(write({ 2: 'runtime.v1' }));

/**
 * The definitions of CRI v1 that a program in Go was built with. Programs that take part in gRPC carry them, each file of them by itself,
 * compressed; undefined where a program has none so, as one whose k8s.io/cri-api is made without gogo/protobuf.
 */
export function definitionsIn(program: string): PackageDefinition | undefined {
  const bytes = readFileSync(program);
  for (let at = bytes.indexOf(GZIP); at !== -1; at = bytes.indexOf(GZIP, at + 1)) {
    const file = inflated(bytes.subarray(at, at + COMPRESSED_BYTES_MAX));
    // A FileDescriptorSet is a list of files; the package stands behind the file's name.
    if (file?.subarray(0, 100).includes(PACKAGE))
      return loadFileDescriptorSetFromBuffer(Buffer.from(write({ 1: file })));
  }
  return undefined;
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    // What follows the end of it belongs to somebody else.
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return undefined; // eight bytes that only look like it
  }
}
