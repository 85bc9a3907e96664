/** The fields of a message, by number; of one that is repeated, all. Only what has a length: we read no numbers. */
export type Fields = ReadonlyMap<number, readonly Uint8Array[]>;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Protocol Buffers, as far as we need them. Throws where the bytes are no message. */
export function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, Uint8Array[]>();
  const from = { bytes, at: 0 };
  while (from.at < bytes.length) {
    const key = readVarint(from);
    const content = readContent(from, key % 8);
    if (content === undefined) continue;
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), content]);
  }
  return fields;
}

export function message(fields: Fields, number: number): Fields {
  const [bytes] = fields.get(number)?.slice(-1) ?? [];
  return bytes === undefined ? new Map() : readFields(bytes);
}

export function messages(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).map(readFields);
}

export function text(fields: Fields, number: number): string {
  return decoder.decode(fields.get(number)?.at(-1));
}

/** A `map<string, string>` is a list of pairs. */
export function texts(fields: Fields, number: number): Record<string, string> {
  return Object.fromEntries(messages(fields, number).map((pair) => [text(pair, 1), text(pair, 2)]));
}

/** A message of texts and of messages of such. */
export function write(fields: Readonly<Record<number, string | Uint8Array>>): Uint8Array {
  const parts = Object.entries(fields).flatMap(([number, value]) => {
    const content = typeof value === 'string' ? encoder.encode(value) : value;
    return [varint(Number(number) * 8 + BYTES), varint(content.length), content];
  });
  return Buffer.concat(parts);
}

interface Position {
  readonly bytes: Uint8Array;
  at: number;
}

function readContent(from: Position, type: number): Uint8Array | undefined {
  if (type === VARINT) readVarint(from);
  else if (type === FIXED64) from.at += 8;
  else if (type === FIXED32) from.at += 4;
  else if (type === BYTES) {
    const length = readVarint(from);
    const start = from.at;
    from.at += length;
    if (from.at <= from.bytes.length) return from.bytes.subarray(start, from.at);
  } else throw new RangeError(`no message: wire type ${type}`);
  if (from.at > from.bytes.length) throw new RangeError('no message: it ends within a field');
  return undefined;
}

/** Exact up to 2^53; of a longer one only the end matters. */
function readVarint(from: Position): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = from.bytes[from.at++];
    if (byte === undefined || scale > 2 ** 63) throw new RangeError('no message: a number has no end');
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}
