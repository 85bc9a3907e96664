import type { Instant } from '../core/model/units.ts';

/**
 * What may be watched, each level with those below it:
 * 0, always on: context switches, lifecycle, OOM kills, cgroups, snapshots, pressure;
 * 1: waits in progress, long waits, block IO and reclaim;
 * 2: what an operator asks for.
 */
export type Level = 0 | 1 | 2;

export interface GovernorOptions {
  /** Where it starts, and never climbs above. */
  readonly levelMax: Level;
  /** Our cost, as a share of one CPU, above which a level is given up if it stays there. */
  readonly stepDownRatio: number;
  /** And above which every level that can be given up is, at once. */
  readonly stopRatio: number;
}

export interface GovernorReading {
  readonly level: Level;
  /** What the last judgement was about; NaN before the first. */
  readonly ownCostRatio: number;
  readonly stepsDown: number;
  readonly stepsUp: number;
}

/** One judgement above the threshold is a scrape, a reload or another guest of the machine; the next one is a habit. */
const JUDGEMENTS_TO_STEP_DOWN = 2;
/** A level comes back below this share of the threshold that took it: 0.5 % of 0.8 %. What lies between changes nothing. */
const CALM_SHARE = 0.625;
/** And when it stayed there for so long. */
const CALM_MS = 60_000;

/**
 * Gives up what is optional when we cost too much, and takes it up again when for long we did not.
 *
 * Has no clock and measures nothing: it is told.
 */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #listeners: ((level: Level) => void)[] = [];
  #level: Level;
  #tooDear = 0;
  #calmSince: Instant | undefined;
  #ownCostRatio = Number.NaN;
  #stepsDown = 0;
  #stepsUp = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#level = options.levelMax;
  }

  get level(): Level {
    return this.#level;
  }

  get reading(): GovernorReading {
    return {
      level: this.#level,
      ownCostRatio: this.#ownCostRatio,
      stepsDown: this.#stepsDown,
      stepsUp: this.#stepsUp,
    };
  }

  /** Calls with the level now, and whenever it changes. */
  onLevel(listener: (level: Level) => void): void {
    this.#listeners.push(listener);
    listener(this.#level);
  }

  /** `ratio` is what we cost since the last judgement, as a share of one CPU. */
  judge(at: Instant, ratio: number): void {
    const { levelMax, stepDownRatio, stopRatio } = this.#options;

    this.#ownCostRatio = ratio;
    this.#tooDear = ratio > stepDownRatio ? this.#tooDear + 1 : 0;
    this.#calmSince = ratio < stepDownRatio * CALM_SHARE ? (this.#calmSince ?? at) : undefined;

    if (ratio > stopRatio) this.#stepTo(0);
    else if (this.#tooDear >= JUDGEMENTS_TO_STEP_DOWN) this.#stepTo(this.#level === 2 ? 1 : 0);
    else if (this.#calmSince !== undefined && at - this.#calmSince >= CALM_MS && this.#level < levelMax)
      this.#stepTo(this.#level === 0 ? 1 : 2);
  }

  /** What comes next is judged anew: it costs something else. */
  #stepTo(level: Level): void {
    this.#tooDear = 0;
    this.#calmSince = undefined;
    if (level === this.#level) return;

    this.#stepsDown += Math.max(0, this.#level - level);
    this.#stepsUp += Math.max(0, level - this.#level);
    this.#level = level;
    for (const listener of this.#listeners) listener(level);
  }
}
