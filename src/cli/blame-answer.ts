import type { Basis, Cause, StallResource } from '../core/model/stall.ts';

/** What we read of what `GET /blame` answers. */
export interface BlameAnswer {
  readonly window: { readonly asked: number; readonly covered: number };
  readonly coverage: number | null;
  readonly degraded: readonly string[];
  readonly victims: readonly BlameVictim[];
}

export interface BlameVictim {
  readonly victim: { readonly name: string };
  readonly resource: StallResource;
  readonly seconds: number;
  readonly verdict: string;
  readonly confidence: string;
  readonly parts: readonly BlamePart[];
  readonly remainder: { readonly seconds: number; readonly share: number };
}

export interface BlamePart {
  readonly offender: string;
  readonly cause: Cause;
  readonly basis: Basis;
  readonly seconds: number;
  readonly share: number;
  readonly excessShare: number | null;
  readonly processes: readonly { readonly pid: number; readonly comm: string; readonly exe: string }[];
}

/** What was asked is not what it takes: the command line is wrong. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const PATIENCE_MS = 5_000;

/** Asks a running exporter. Throws one sentence that says what to do, `Refused` where a parameter is wrong. */
export async function askBlame(base: URL, query: URLSearchParams, signal: AbortSignal): Promise<BlameAnswer> {
  const shown = base.href.replace(/\/$/, '');
  const url = new URL(`blame?${query}`, base.href.endsWith('/') ? base : `${base.href}/`);
  const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }).catch(
    (error: unknown) => {
      throw new Error(
        `nobody answers at ${shown}: ${whyOf(error)}; start one with culprit run, or say with --url where it is`,
      );
    },
  );
  const body = (await reply.json().catch(() => undefined)) as (BlameAnswer & { error?: string }) | undefined;

  if (reply.status === 400 && body?.error !== undefined) throw new Refused(body.error);
  if (!reply.ok || !Array.isArray(body?.victims)) {
    const reason = body?.error ?? 'it is no Culprit, or one of another version';
    throw new Error(`${shown} answered ${reply.status}: ${reason}`);
  }
  return body;
}

/** What went wrong below lies in `cause`. */
export function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `silent for ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : error.message;
}
