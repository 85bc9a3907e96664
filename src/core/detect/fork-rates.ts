import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { CLEAR_RATIO } from './entities.ts';
import { ProcessCounts } from './process-counts.ts';

const STEP_MS = 100;
const BASELINE_MS = 600_000;
const TOLD_MS = 1_000;

export interface ForkRateOptions {
  readonly forksPerSecond: number;
  readonly windowSeconds: number;
  readonly floorForksPerSecond: number;
  readonly baselineRatio: number;
  readonly baselineWindowSeconds: number;
}

export interface FastForker {
  readonly process: Process;
  readonly strength: number;
  readonly perSecond: number;
  readonly threshold: number;
  readonly windowMs: number;
  readonly forks: number;
}

interface Baseline {
  startedNs: number;
  perSecond: number;
  /** Since when it is told, and until when. */
  since: Instant;
  at: Instant;
}

/**
 * Who forks how fast, against a line and against its own habit.
 *
 *     forks
 *      150 |              *     the line: floor × w + burst, with burst = (rate − floor) × window
 *      110 |    *               200 a second cross it after 0.5 s, 50 a second after 3 s, and those
 *       90 |*                   below the rate never, for what is older than the window is forgotten
 *          +--------------- w
 *           0    1 s      3 s
 */
export class ForkRates {
  readonly #options: ForkRateOptions;
  readonly #steps: number;
  readonly #burst: number;
  readonly #recent: ProcessCounts;
  readonly #lasting: ProcessCounts;
  readonly #baselines: (Baseline | undefined)[] = [];
  readonly #toldAt: number[] = [];
  #since = Number.NaN;

  constructor(options: ForkRateOptions) {
    const { forksPerSecond, floorForksPerSecond, windowSeconds, baselineWindowSeconds } = options;
    this.#options = options;
    this.#steps = Math.ceil((windowSeconds * 1_000) / STEP_MS);
    this.#burst = Math.max(1, (forksPerSecond - floorForksPerSecond) * windowSeconds);
    this.#recent = new ProcessCounts(this.#steps * STEP_MS, this.#steps);
    this.#lasting = new ProcessCounts(baselineWindowSeconds * 1_000, Math.max(1, Math.round(baselineWindowSeconds)));
  }

  /** Whether it is above the line, told once a second. */
  add(process: Process, at: Instant): boolean {
    if (Number.isNaN(this.#since)) this.#since = at;
    this.#lasting.add(process, at);
    const total = this.#recent.add(process, at);
    if (total < this.#burst || at - (this.#toldAt[process.slot] ?? Number.NEGATIVE_INFINITY) < TOLD_MS) return false;
    if (this.#steepest(process, at).strength < 1) return false;
    this.#toldAt[process.slot] = at;
    return true;
  }

  /** So many in so long, on the same line. */
  strengthOf(forks: number, windowMs: number): number {
    return forks / ((this.#options.floorForksPerSecond * windowMs) / 1_000 + this.#burst);
  }

  /** All that are near the line or above it, or far above their own habit. */
  *fast(at: Instant): Generator<FastForker> {
    for (const process of this.#lasting.active(at)) {
      const steepest = this.#steepest(process, at);
      const unusual = this.#unusual(process, at);
      const faster = unusual !== undefined && unusual.strength > steepest.strength ? unusual : steepest;
      if (faster.strength >= CLEAR_RATIO) yield { process, ...faster };
    }
  }

  /** Of all windows that end now, the one that is furthest up the line. */
  #steepest(process: Process, at: Instant): Omit<FastForker, 'process'> {
    const { forksPerSecond } = this.#options;
    let best = { strength: 0, perSecond: 0, threshold: forksPerSecond, windowMs: STEP_MS, forks: 0 };
    if (this.#recent.total(process, at) < CLEAR_RATIO * this.#burst) return best;
    let forks = 0;
    for (let back = 0; back < this.#steps; back++) {
      forks += this.#recent.step(process, at, back);
      const windowMs = back * STEP_MS + (at % STEP_MS);
      const strength = this.strengthOf(forks, windowMs);
      if (strength > best.strength)
        best = { ...best, strength, windowMs, forks, perSecond: (forks * 1_000) / Math.max(1, windowMs) };
    }
    return best;
  }

  /** Against its own rate of the last ten minutes, which must have been watched. */
  #unusual(process: Process, at: Instant): Omit<FastForker, 'process'> | undefined {
    const { floorForksPerSecond, baselineRatio, baselineWindowSeconds } = this.#options;
    const forks = this.#lasting.total(process, at);
    const perSecond = forks / baselineWindowSeconds;
    const usual = this.#habit(process, perSecond, at);
    if (usual === undefined) return undefined;
    const threshold = Math.max(floorForksPerSecond, baselineRatio * usual);
    return { strength: perSecond / threshold, perSecond, threshold, windowMs: baselineWindowSeconds * 1_000, forks };
  }

  /** Its mean before now; undefined until ten minutes of it are known. */
  #habit({ slot, startedNs, forkedAt }: Process, perSecond: number, at: Instant): number | undefined {
    const known = this.#baselines[slot];
    const since = Number.isNaN(forkedAt) ? this.#since : Math.max(this.#since, forkedAt);
    const baseline = known?.startedNs === startedNs ? known : { startedNs, perSecond: 0, since, at };
    if (known !== baseline) {
      while (slot > this.#baselines.length) this.#baselines.push(undefined);
      this.#baselines[slot] = baseline;
    }
    const usual = baseline.perSecond;
    baseline.perSecond += (perSecond - usual) * (1 - Math.exp((baseline.at - at) / BASELINE_MS));
    baseline.at = at;
    return at - baseline.since >= BASELINE_MS ? usual : undefined;
  }
}
