import { random } from '../../test/telemetry/accounts.ts';
import { HEALTHY, undecidable } from './healthy.ts';
import { LEAKS } from './leaks.ts';
import { type Chance, chance, DAY, type Shape, type Trace } from './trace.ts';

const STEP_SECONDS = 10;
const LIMIT_BYTES = 2 * 2 ** 30;

/** 20 kinds of each seed: a day of samples, 10 s apart. */
export function* generate(seeds: readonly number[]): Generator<Trace> {
  for (const seed of seeds) {
    let index = 0;
    for (const [kind, of] of Object.entries(LEAKS)) yield draw(kind, true, of, seed * 100 + index++);
    for (const [kind, of] of Object.entries(HEALTHY)) yield draw(kind, false, of, seed * 100 + index++);
  }
}

export function* generateUndecidable(seeds: readonly number[]): Generator<Trace> {
  for (const seed of seeds) yield draw('fills most, then plateau', false, undecidable, seed * 100 + 99);
}

function draw(kind: string, isLeak: boolean, of: (chance: Chance) => Shape, seed: number): Trace {
  const { at, onsetSeconds = 0 } = of(chance(random(seed)));
  const bytes = new Float64Array(DAY / STEP_SECONDS);
  let length = 0;
  while (length < bytes.length) {
    const used = at(length * STEP_SECONDS) * LIMIT_BYTES;
    bytes[length++] = Math.max(0, used);
    if (used >= LIMIT_BYTES) break;
  }
  const onset = Math.ceil(onsetSeconds / STEP_SECONDS);
  return {
    kind,
    isLeak,
    limitBytes: LIMIT_BYTES,
    stepMs: STEP_SECONDS * 1_000,
    bytes: bytes.subarray(0, length),
    onset,
  };
}
