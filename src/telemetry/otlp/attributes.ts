import type { Attributes, HrTime } from '@opentelemetry/api';
import { cleanLabel } from '../label.ts';
import type { Rows } from '../rows.ts';

interface Known {
  readonly generation: number;
  readonly attributes: Attributes;
  readonly startTime: HrTime;
}

/**
 * Attributes and start of each row, made once for each time that a slot is opened or relabelled.
 *
 * Only the row's own are kept: a copy for each cell would be many times the sheet itself.
 */
export class RowAttributes {
  readonly #rows: Rows;
  readonly #wallOffsetMs: () => number;
  readonly #known: Known[] = [];

  /** `wallOffsetMs` is what added to monotonic milliseconds makes Unix time. */
  constructor(rows: Rows, wallOffsetMs: () => number) {
    this.#rows = rows;
    this.#wallOffsetMs = wallOffsetMs;
  }

  of(slot: number): Known {
    const generation = this.#rows.generations[slot]!;
    const known = this.#known[slot];
    if (known !== undefined && known.generation === generation) return known;

    const attributes: Attributes = {};
    this.#rows.labelNames.forEach((name, index) => {
      const value = this.#rows.labels[slot]?.[index] ?? '';
      if (value !== '') attributes[name] = cleanLabel(value);
    });
    const startTime = toHrTime(this.#rows.openedAt[slot]! + this.#wallOffsetMs());
    const made = { generation, attributes, startTime };
    this.#known[slot] = made;
    return made;
  }
}

/** Unix milliseconds, with fractions, as OpenTelemetry's seconds and nanoseconds. */
export function toHrTime(unixMs: number): HrTime {
  const seconds = Math.floor(unixMs / 1e3);
  return [seconds, Math.min(999_999_999, Math.round((unixMs - seconds * 1e3) * 1e6))];
}
