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
