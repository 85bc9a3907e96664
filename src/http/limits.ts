/** What one client may cost. */
export interface Limits {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** From the first byte to the end of the request. */
  readonly requestMs: number;
  /** Without a byte in either direction during a request or its answer. */
  readonly stalledMs: number;
  /** Between two requests; longer than the usual scrape interval, so that a connection serves many. */
  readonly keepAliveMs: number;
  /** What is still under way this long after `close` is cut off. */
  readonly closeMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** More are refused at once, before they say anything. */
  readonly connections: number;
}

export const LIMITS: Limits = {
  headersMs: 5_000,
  requestMs: 10_000,
  stalledMs: 30_000,
  keepAliveMs: 75_000,
  closeMs: 500,
  headerBytes: 16_384,
  bodyBytes: 16_384,
  connections: 256,
};
