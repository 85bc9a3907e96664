import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { acceptsGzip, CONTENT_TYPES, formatFor } from './negotiate.ts';
import type { Format } from './render/header.ts';
import { type Page, PagePool } from './render/page.ts';
import { createRenderer, type Source } from './render.ts';

const compress = promisify(gzip);

/** Level 6 costs two and a half times as much for a tenth less. */
const GZIP = { level: constants.Z_BEST_SPEED };

export interface ExpositionOptions extends Source {
  /** A page younger than this is shown again, however many ask. Default 250. */
  readonly ageMinMs?: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** A page as it goes over the wire. */
export interface Scrape {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Absent when the body is plain. */
  readonly encoding?: 'gzip';
  /**
   * Says that `body` has been sent, or never will be; once. Its memory is then rendered into again.
   * Who never says so pays with garbage, not with a wrong page.
   */
  release(): void;
}

export interface Exposition {
  /** Takes the request's `Accept` and `Accept-Encoding`. Rejects only if a reading throws. */
  scrape(accept?: string, acceptEncoding?: string): Promise<Scrape>;
}

/** A rendered page and those who still read it. */
interface Edition {
  readonly page: Page;
  readonly renderedAt: number;
  readers: number;
  current: boolean;
  compressed: Promise<Uint8Array> | undefined;
}

/** The metrics page: rendered at most once for all who ask at a time, compressed off this thread. */
export function createExposition({ ageMinMs = 250, now, ...source }: ExpositionOptions): Exposition {
  const render = createRenderer(source);
  const pool = new PagePool();
  const editions = new Map<Format, Edition>();

  function edition(format: Format): Edition {
    const last = editions.get(format);
    if (last !== undefined && now() - last.renderedAt < ageMinMs) return last;

    const page = pool.take();
    const renderedAt = now();
    render(page, format);
    if (last !== undefined) retire(last);
    const next = { page, renderedAt, readers: 0, current: true, compressed: undefined };
    editions.set(format, next);
    return next;
  }

  function retire(last: Edition): void {
    last.current = false;
    if (last.readers === 0) pool.give(last.page);
  }

  function reader(of: Edition): () => void {
    of.readers += 1;
    let reading = true;
    return function release() {
      if (!reading) return;
      reading = false;
      of.readers -= 1;
      if (of.readers === 0 && !of.current) pool.give(of.page);
    };
  }

  return {
    async scrape(accept, acceptEncoding) {
      const format = formatFor(accept);
      const shown = edition(format);
      const contentType = CONTENT_TYPES[format];
      const release = reader(shown);
      if (!acceptsGzip(acceptEncoding)) return { body: shown.page.body(), contentType, release };

      // The compressed body is nobody else's memory, so the page is free as soon as it is made.
      try {
        shown.compressed ??= compress(shown.page.body(), GZIP);
        return { body: await shown.compressed, contentType, encoding: 'gzip', release: () => {} };
      } finally {
        release();
      }
    },
  };
}
