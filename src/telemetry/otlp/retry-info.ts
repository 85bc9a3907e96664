const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

/**
 * The delay that a collector asks for in the details of its gRPC status (`grpc-status-details-bin`: a `google.rpc.Status` with a
 * `google.rpc.RetryInfo`), in milliseconds: 0 when it only says that another try is worth it. Undefined when it does not say that, or
 * when the bytes are no such message.
 */
export function retryDelayMs(status: Uint8Array | undefined): number | undefined {
  if (status === undefined) return undefined;
  for (const [field, details] of fieldsOf(status)) {
    if (field !== 3 || typeof details === 'number') continue;
    const any = new Map(fieldsOf(details));
    const [url, info] = [any.get(1), any.get(2)];
    if (!(url instanceof Uint8Array) || Buffer.from(url).toString() !== RETRY_INFO) continue;
    const delay = info instanceof Uint8Array ? new Map(fieldsOf(info)).get(1) : undefined;
    return delay instanceof Uint8Array ? durationMs(new Map(fieldsOf(delay))) : 0;
  }
  return undefined;
}

function durationMs(duration: ReadonlyMap<number, number | Uint8Array>): number {
  const [seconds, nanos] = [Number(duration.get(1) ?? 0), Number(duration.get(2) ?? 0)];
  return seconds * 1e3 + nanos / 1e6;
}

/** Fields of a protobuf message by number, those of fixed width left out. Ends at the first byte that is none. */
function* fieldsOf(message: Uint8Array): Generator<[field: number, value: number | Uint8Array]> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let weight = 1; at < message.length; weight *= 128) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag & 7;
    if (kind === VARINT) yield [tag >>> 3, varint()];
    else if (kind === BYTES) {
      const length = varint();
      yield [tag >>> 3, message.subarray(at, at + length)];
      at += length;
    } else at += kind === FIXED64 ? 8 : 4;
  }
}
