const HIGH_WORD = 2 ** 32;

/**
 * The unsigned 64-bit number at `offset`, as a double and without allocating: exact up to 2^53.
 *
 * 2^53 nanoseconds are 104 days, 2^53 bytes are 8 PiB.
 */
export function readU64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * HIGH_WORD;
}

/** Views a typed array's bytes through a DataView. */
export const viewBytes = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
