/** How it went with what was sent. */
export type Verdict =
  /** `message` is why some was rejected, or what else the collector had to say. */
  | { readonly kind: 'arrived'; readonly rejected: number; readonly message: string }
  /** Worth another try, no sooner than the collector asks for. */
  | { readonly kind: 'later'; readonly message: string; readonly afterMs?: number }
  /** The same again would be refused again. */
  | { readonly kind: 'refused'; readonly message: string };

/** CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS. */
const GRPC_RETRYABLE: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const RESOURCE_EXHAUSTED = 8;
const HTTP_RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whoever asks for more is mistaken: an incident that is told next month is told to nobody. And no timer takes more than 24 days. */
const AFTER_MS_MAX = 3_600_000;

/**
 * What OTLP makes of a gRPC status that is not OK (opentelemetry-proto, specification, "Failures").
 *
 * `afterMs` is the delay that the collector asks for: a collector out of resources only means "later" when it says how much.
 */
export function grpcVerdict(status: number, message: string, afterMs?: number): Verdict {
  const isRetryable = GRPC_RETRYABLE.has(status) || (status === RESOURCE_EXHAUSTED && afterMs !== undefined);
  return isRetryable ? later(message, afterMs) : { kind: 'refused', message };
}

/** The same of an HTTP status. */
export function httpVerdict(status: number, message: string, afterMs?: number): Verdict {
  return HTTP_RETRYABLE.has(status) ? later(message, afterMs) : { kind: 'refused', message };
}

export function later(message: string, afterMs?: number): Verdict {
  return { kind: 'later', message, ...(afterMs !== undefined && { afterMs: Math.min(afterMs, AFTER_MS_MAX) }) };
}
