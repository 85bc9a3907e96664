import type { Format } from '../../src/telemetry/render/header.ts';
import { Page } from '../../src/telemetry/render/page.ts';
import { createRenderer, type Source } from '../../src/telemetry/render.ts';

/** What a renderer that was made for it shows first, of sheets and of nothing else unless told. */
export function pageOf(source: Partial<Source> & Pick<Source, 'sheets'>, format: Format = 'text'): string {
  const page = new Page();
  createRenderer({ self: () => [], resource: {}, exemplarOf: () => undefined, ...source })(page, format);
  return Buffer.from(page.body()).toString();
}
