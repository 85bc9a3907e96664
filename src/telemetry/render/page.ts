const BYTES_MIN = 65_536;

/** A buffer that a page is rendered into. It grows, and keeps its size for the next page. */
export class Page {
  bytes: Uint8Array = new Uint8Array(BYTES_MIN);
  /** Of `bytes`. */
  view: DataView = new DataView(this.bytes.buffer);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Room for `count` more bytes; `bytes` and `view` may be others afterwards. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
    this.view = new DataView(wider.buffer);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  text(text: string): void {
    this.append(Buffer.from(text));
  }

  body(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

const SPARE_MAX = 2;

/**
 * Pages that nobody reads any more, to be rendered into again.
 *
 * A page that a slow client is still sent comes back only when that client is done; until then others are rendered into
 * another. A page that is never given back is garbage, not a leak and never overwritten.
 */
export class PagePool {
  readonly #spare: Page[] = [];

  take(): Page {
    const page = this.#spare.pop() ?? new Page();
    page.clear();
    return page;
  }

  give(page: Page): void {
    if (this.#spare.length < SPARE_MAX) this.#spare.push(page);
  }
}
