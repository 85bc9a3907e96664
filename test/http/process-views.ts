import { request } from 'undici';

import { createViews } from '../../src/app/views.ts';
import { after, snapshot, WEB } from '../core/support/engine.ts';
import { exec, exit, fork, reap, sample } from '../core/support/events.ts';

/** A host with five processes, seen through the real views. */
export function views() {
  const argv = Buffer.from('mysql\0-phunter2\0');
  const engine = after(
    WEB,
    ...snapshot(
      1_000,
      ...[10, 11, 12].map((pid) => sample(pid, { anonymousBytes: pid, fdLimit: Number.POSITIVE_INFINITY })),
    ),
    fork(20, 10, { at: 1_000, uid: 33 }),
    exec(20, 'mysql', { at: 1_000, argv, uid: 33 }),
    fork(21, 10, { at: 1_000 }),
    exit(21, { status: 9, reason: 'signal', at: 1_100 }),
    reap(21, { at: 1_200 }),
  );
  return createViews({
    engine,
    now: () => 2_000,
    wallOffsetMs: () => 0,
    users: () => new Map([[33, 'www-data']]),
    degraded: () => [],
  });
}

/** What the tests read of any answer. */
interface Answer {
  readonly matched: number;
  readonly processes: readonly { readonly pid: number; readonly user: string | null }[];
  readonly next?: string;
  readonly degraded: readonly string[];
  readonly ended: object;
  readonly paths: Record<string, { get: Described }>;
}

interface Described {
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly required: boolean }[];
  readonly responses: Record<number, { readonly content: Record<string, { readonly schema: object }> }>;
}

export async function get(url: string, path: string): Promise<{ status: number; answer: Answer }> {
  const { statusCode, body } = await request(`${url}${path}`);
  return { status: statusCode, answer: (await body.json()) as Answer };
}
