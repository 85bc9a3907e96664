import { random } from '../../test/telemetry/accounts.ts';
import { HEALTHY, undecidable } from './healthy.ts';
import { LEAKS } from './leaks.ts';
import { type Chance, chance, DAY, type Shape, type Trace } from './trace.ts';

export interface Scale {
  readonly stepSeconds: number;
  readonly limitBytes: number;
  /** How much faster everything happens than it is drawn. */
  readonly haste: number;
}

const DAYS: Scale = { stepSeconds: 10, limitBytes: 2 * 2 ** 30, haste: 1 };
/** Leaks of half a minute to 18 minutes, in a container of 256 MiB. */
export const MINUTES: Scale = { stepSeconds: 1, limitBytes: 256 * 2 ** 20, haste: 60 };

/** 20 kinds of each seed: a day of samples, 10 s apart; or that in 24 minutes, a second apart. */
export function* generate(seeds: readonly number[], scale: Scale = DAYS): Generator<Trace> {
  for (const seed of seeds) {
    let index = 0;
    for (const [kind, of] of Object.entries(LEAKS)) yield draw(kind, true, of, seed * 100 + index++, scale);
    for (const [kind, of] of Object.entries(HEALTHY)) yield draw(kind, false, of, seed * 100 + index++, scale);
  }
}

export function* generateUndecidable(seeds: readonly number[]): Generator<Trace> {
  for (const seed of seeds) yield draw('fills most, then plateau', false, undecidable, seed * 100 + 99, DAYS);
}

function draw(kind: string, isLeak: boolean, of: (chance: Chance) => Shape, seed: number, scale: Scale): Trace {
  const { stepSeconds, limitBytes, haste } = scale;
  const drawnStep = stepSeconds * haste;
  const { at, onsetSeconds = 0 } = of(chance(random(seed)));
  const bytes = new Float64Array(DAY / drawnStep);
  let length = 0;
  while (length < bytes.length) {
    const used = at(length * drawnStep) * limitBytes;
    bytes[length++] = Math.max(0, used);
    if (used >= limitBytes) break;
  }
  const onset = Math.ceil(onsetSeconds / drawnStep);
  return { kind, isLeak, limitBytes, stepMs: stepSeconds * 1_000, bytes: bytes.subarray(0, length), onset };
}
