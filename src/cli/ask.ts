/** What was asked is not what it takes: the command line is wrong. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const PATIENCE_MS = 5_000;

/**
 * Asks a running exporter; `member` is what every answer has. Throws one sentence that says what to do, `Refused` where a
 * parameter is wrong.
 */
export async function ask<Answer extends object>(
  base: URL,
  path: string,
  query: URLSearchParams,
  member: keyof Answer & string,
  signal: AbortSignal,
): Promise<Answer> {
  const shown = base.href.replace(/\/$/, '');
  const url = new URL(`${path}?${query}`, base.href.endsWith('/') ? base : `${base.href}/`);
  const reply = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }).catch(
    (error: unknown) => {
      throw new Error(
        `nobody answers at ${shown}: ${whyOf(error)}; start one with culprit run, or say with --url where it is`,
      );
    },
  );
  const body = (await reply.json().catch(() => undefined)) as (Answer & { error?: string }) | undefined;

  if (reply.status === 400 && body?.error !== undefined) throw new Refused(body.error);
  if (!reply.ok || !(body?.[member] instanceof Object)) {
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
