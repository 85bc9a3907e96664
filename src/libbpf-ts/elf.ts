import { viewBytes } from './u64.ts';

const ELF64_LITTLE_ENDIAN = 0x7f454c46_0201n;

/** The bytes of a section of a 64-bit little-endian ELF file, in place; nothing when it has no such section. Throws for what is not ELF. */
export function elfSection(file: Uint8Array, name: string): Uint8Array | undefined {
  const view = viewBytes(file);

  if (file.length < 64 || view.getBigUint64(0) >> 16n !== ELF64_LITTLE_ENDIAN) {
    throw new Error('this is no 64-bit little-endian ELF file');
  }
  const table = Number(view.getBigUint64(40, true));
  const entryBytes = view.getUint16(58, true);
  const sections = Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const at = table + index * entryBytes;
    const offset = Number(view.getBigUint64(at + 24, true));

    return {
      name: view.getUint32(at, true),
      bytes: file.subarray(offset, offset + Number(view.getBigUint64(at + 32, true))),
    };
  });
  const names = sections[view.getUint16(62, true)]?.bytes ?? new Uint8Array();

  return sections.find((each) => cString(names, each.name) === name)?.bytes;
}

/** The NUL-terminated string at `offset`. */
export function cString(bytes: Uint8Array, offset: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, bytes.indexOf(0, offset) - offset).toString('utf8');
}
