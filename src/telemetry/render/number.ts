import { MICRO_BELOW, NANO_BELOW } from '../precision.ts';

/** Of any number: a double has up to 17 digits, and may have a sign, a point and an exponent such as `e-308`. */
export const NUMBER_LENGTH_MAX = 24;

const ZERO = 0x30;
const TEN_THOUSAND = 10_000;
const HUNDRED_THOUSAND = 100_000;
const HUNDRED_MILLION = 1e8;
const MILLION = 1e6;
const BILLION = 1e9;
/** Beyond it not every integer is a double. */
const EXACT_MAX = 2 ** 53;

/** The digits of each number below 10,000, as the four bytes of a word: with zeros in front, and as they are, from the left. */
const PADDED = new Uint32Array(TEN_THOUSAND);
const PLAIN = new Uint32Array(TEN_THOUSAND);
const LENGTHS = new Uint8Array(TEN_THOUSAND);
/** How many of the four are left when the zeros at the end go. */
const SIGNIFICANT = new Uint8Array(TEN_THOUSAND);
for (let number = 0; number < TEN_THOUSAND; number++) {
  const [plain, padded] = [String(number), String(number).padStart(4, '0')];
  PADDED[number] = Buffer.from(padded).readUint32LE();
  PLAIN[number] = Buffer.from(plain.padEnd(4, '0')).readUint32LE();
  LENGTHS[number] = plain.length;
  SIGNIFICANT[number] = padded.replace(/0+$/, '').length;
}

/**
 * Writes a number that is not NaN and returns where it ends: the shortest decimal of what `told` makes of it, or `+Inf`, `-Inf`.
 *
 * Digits go in fours, because how many a number has is what a processor can't foresee. Bytes after the end may be overwritten,
 * within `NUMBER_LENGTH_MAX` of the start. The common cases call little and only with integers: V8 inlines just so much, and a
 * fraction that it passes to a call is first put on the heap.
 */
export function writeNumber(out: DataView, at: number, value: number): number {
  let whole = value >>> 0;
  let fraction = 0;
  if (whole !== value) {
    if (!(value > 0 && value < NANO_BELOW)) return writeRare(out, at, value);
    fraction = (Math.round(value * BILLION) - whole * BILLION) >>> 0;
    if (fraction === BILLION) {
      fraction = 0;
      whole += 1;
    }
  }
  const end = writeInteger(out, at, whole);
  return fraction === 0 ? end : writeFraction(out, end, fraction);
}

/** Of 32 bits, which is three times four digits. */
function writeInteger(out: DataView, at: number, value: number): number {
  if (value < TEN_THOUSAND) {
    out.setUint32(at, PLAIN[value]!, true);
    return at + LENGTHS[value]!;
  }
  const upper = (value / TEN_THOUSAND) >>> 0;
  const top = (upper / TEN_THOUSAND) >>> 0;
  const first = top === 0 ? upper : top;
  let end = at + LENGTHS[first]!;
  out.setUint32(at, PLAIN[first]!, true);
  if (top !== 0) {
    out.setUint32(end, PADDED[upper - top * TEN_THOUSAND]!, true);
    end += 4;
  }
  out.setUint32(end, PADDED[value - upper * TEN_THOUSAND]!, true);
  return end + 4;
}

/** Nine decimals, of which the zeros at the end go. */
function writeFraction(out: DataView, point: number, fraction: number): number {
  const first = (fraction / HUNDRED_THOUSAND) >>> 0;
  const rest = fraction - first * HUNDRED_THOUSAND;
  const second = (rest / 10) >>> 0;
  const last = rest - second * 10;

  out.setUint8(point, 0x2e);
  out.setUint32(point + 1, PADDED[first]!, true);
  out.setUint32(point + 5, PADDED[second]!, true);
  out.setUint8(point + 9, ZERO + last);
  if (last !== 0) return point + 10;
  return second === 0 ? point + 1 + SIGNIFICANT[first]! : point + 5 + SIGNIFICANT[second]!;
}

function writeRare(out: DataView, at: number, value: number): number {
  if (value < 0) return writeNegative(out, at, value);
  if (value < EXACT_MAX && Math.floor(value) === value) return writeLarge(out, at, value);
  if (value < MICRO_BELOW) return writeMicros(out, at, Math.round(value * MILLION));
  return writeAscii(out, at, value === Infinity ? '+Inf' : String(value));
}

function writeNegative(out: DataView, at: number, value: number): number {
  if (value === -Infinity) return writeAscii(out, at, '-Inf');
  out.setUint8(at, 0x2d);
  const end = writeNumber(out, at + 1, -value);
  // What rounds to nothing has no sign either.
  return end === at + 2 && out.getUint8(at + 1) === ZERO ? writeInteger(out, at, 0) : end;
}

/** From 32 bits to 53. */
function writeLarge(out: DataView, at: number, value: number): number {
  const high = Math.floor(value / HUNDRED_MILLION);
  const low = (value - high * HUNDRED_MILLION) >>> 0;
  const middle = (low / TEN_THOUSAND) >>> 0;
  const end = writeInteger(out, at, high >>> 0);
  out.setUint32(end, PADDED[middle]!, true);
  out.setUint32(end + 4, PADDED[low - middle * TEN_THOUSAND]!, true);
  return end + 8;
}

function writeMicros(out: DataView, at: number, micros: number): number {
  const whole = Math.floor(micros / MILLION);
  const fraction = ((micros - whole * MILLION) * 1_000) >>> 0;
  const end = writeInteger(out, at, whole >>> 0);
  return fraction === 0 ? end : writeFraction(out, end, fraction);
}

function writeAscii(out: DataView, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out.setUint8(at + index, text.charCodeAt(index));
  return at + text.length;
}
