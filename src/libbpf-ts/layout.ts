import { Btf, type BtfType } from './btf.ts';
import { elfSection } from './elf.ts';

export interface Member {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface Layout {
  readonly name: string;
  readonly sizeBytes: number;
  readonly members: readonly Member[];
}

/** The BTF of a compiled object, from the file's bytes. Throws when it was compiled without `-g`. */
export function btfOfObject(file: Uint8Array): Btf {
  const section = elfSection(file, '.BTF');

  if (section === undefined) throw new Error('the object has no BTF; compile it with clang -g');
  return Btf.parse(section);
}

/**
 * How a struct lies in memory, members in order; those of anonymous structs and unions stand among the others.
 *
 * A bit field has the offset of the byte that it begins in, and the size of its declared type. Throws when there is no such struct.
 */
export function layoutOf(btf: Btf, name: string): Layout {
  const type = btf.find('struct', name);

  if (type === undefined) throw new Error(`BTF has no struct ${name}`);
  return { name, sizeBytes: type.sizeOrType, members: members(btf, type, 0) };
}

const BIT_OFFSET_MASK = 0x00ff_ffff;

function members(btf: Btf, type: BtfType, base: number): Member[] {
  return Array.from({ length: type.parts }, (_, index) => {
    const at = type.partsAt + index * 12;
    const name = btf.string(btf.types.getUint32(at, true));
    const memberType = btf.types.getUint32(at + 4, true);
    const offsetBytes = base + Math.floor((btf.types.getUint32(at + 8, true) & BIT_OFFSET_MASK) / 8);

    if (name === '') return members(btf, btf.type(memberType), offsetBytes);
    return [{ name, offsetBytes, sizeBytes: btf.sizeOf(memberType) }];
  }).flat();
}
