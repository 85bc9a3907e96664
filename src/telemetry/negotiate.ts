import type { Format } from './render/header.ts';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * The format that an `Accept` header likes best; the first of two liked alike.
 *
 * Who accepts nothing that we have gets the classic format all the same: a person with curl reads it, and an old scraper parses it.
 */
export function formatFor(accept: string | undefined): Format {
  let best: { format: Format; quality: number } = { format: 'text', quality: 0 };
  for (const { name, parameters, quality } of listed(accept ?? '')) {
    const format = offered(name, parameters.get('version'));
    if (format !== undefined && quality > best.quality) best = { format, quality };
  }
  return best.format;
}

/** Only what is named: `*` is not taken as a wish for gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return listed(acceptEncoding ?? '').some(
    ({ name, quality }) => (name === 'gzip' || name === 'x-gzip') && quality > 0,
  );
}

function offered(name: string, version: string | undefined): Format | undefined {
  if (name === 'application/openmetrics-text')
    return version === undefined || version === '1.0.0' ? 'openmetrics' : undefined;
  if (name === 'text/plain') return version === undefined || version === '0.0.4' ? 'text' : undefined;
  return name === '*/*' || name === 'text/*' ? 'text' : undefined;
}

interface Preference {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Between 0, never, and 1. */
  readonly quality: number;
}

function listed(header: string): Preference[] {
  return header.split(',').map((item) => {
    const [name = '', ...rest] = item.split(';').map((part) => part.trim().toLowerCase());
    const parameters = new Map(
      rest.map((part) => {
        const [key = '', value = ''] = part.split('=');
        return [key.trim(), value.trim().replace(/^"|"$/g, '')];
      }),
    );
    const quality = Number(parameters.get('q') ?? 1);
    return { name, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}
