import type { Instant } from '../../model/units.ts';
import { Cycle } from './cycle.ts';
import { BUCKETS, Floors } from './floors.ts';
import { growthMin, LEAK_DEFAULTS, type LeakOptions } from './options.ts';
import { Proof } from './proof.ts';
import { tally } from './tally.ts';
import { growsAsLeak, growth, WINDOWS } from './window.ts';

export const LEAK_LEVELS = ['none', 'info', 'warning', 'critical'] as const;
export type LeakLevel = (typeof LEAK_LEVELS)[number];

export interface LeakEvidence {
  readonly slopeBytesPerSecond: number;
  /** From the last sample to the limit: as is likeliest, and at the slopes of the fastest and the slowest tenth. */
  readonly forecastSeconds: number;
  readonly forecastSecondsLow: number;
  readonly forecastSecondsHigh: number;
  readonly growthBytes: number;
  readonly windowSeconds: number;
  /** Of the head-room that there was when the growth began, the share that is gone. */
  readonly goneRatio: number;
  readonly leftBytes: number;
}

const NONE = 0;
const INFO = 1;
const WARNING = 2;
const CRITICAL = 3;
/** However long nobody looked, one look is never enough. */
const TIMES_MAX = 2;
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** Of one call only. */
const floors = new Float64Array(BUCKETS);
const candidate = new Proof();

/**
 * Whether the memory of one process, or of one workload, leaks: a state machine of 1 to 2 KiB, fed sample by sample.
 *
 * Its floors (what remains when garbage is gone) are looked at on horizons of 18 seconds to three days. Where they rise as a
 * leak does, and the limit is near beside the time they were seen to rise, it says so: a cache that fills has to fill half
 * of what there is before it looks like a leak, and then nobody can tell it from one.
 *
 * Bytes are what can't be given back, never files. The limit is what it has and may still take. Another program in a
 * process is a `restart`, as is an OOM kill in a workload. A level holds by itself, both ways.
 */
export class LeakSeries {
  readonly #options: LeakOptions;
  readonly #floors: Floors;
  /** By octave. */
  readonly #infos: Uint8Array;
  readonly #warnings: Uint8Array;
  readonly #cycle: Cycle;
  readonly #proof = new Proof();
  #grade = NONE;
  #settledAt: Instant;
  #sampledAt: Instant = LONG_AGO;
  #bytes = 0;
  #limitBytes = 0;
  #bucketEndsAt: Instant = 0;
  #bucketBytes = 0;
  #bucketCrest = 0;

  constructor(startedAt: Instant, options: LeakOptions = LEAK_DEFAULTS) {
    this.#options = options;
    this.#floors = new Floors(options.octaves);
    this.#cycle = new Cycle(options);
    this.#infos = new Uint8Array(options.octaves);
    this.#warnings = new Uint8Array(options.octaves);
    this.#settledAt = startedAt + options.settleMs;
  }

  /** What it keeps of the past, in bytes of memory. */
  get size(): number {
    return this.#floors.size + this.#infos.length + this.#warnings.length;
  }

  get level(): LeakLevel {
    const isSoon = this.#grade === WARNING && this.#forecastMs(this.#proof.slope) <= this.#options.criticalMs;
    return LEAK_LEVELS[isSoon ? CRITICAL : this.#grade]!;
  }

  /** Undefined while the level is `none`. */
  get evidence(): LeakEvidence | undefined {
    if (this.#grade === NONE) return undefined;
    const { slope, slopeLow, slopeHigh, growthBytes, windowMs, crestBytes } = this.#proof;
    const leftBytes = Math.max(0, this.#limitBytes - Math.max(this.#bytes, crestBytes));
    return {
      slopeBytesPerSecond: slope * 1_000,
      forecastSeconds: this.#forecastMs(slope) / 1_000,
      forecastSecondsLow: this.#forecastMs(slopeHigh) / 1_000,
      forecastSecondsHigh: this.#forecastMs(slopeLow) / 1_000,
      growthBytes,
      windowSeconds: windowMs / 1_000,
      goneRatio: growthBytes / (growthBytes + leftBytes),
      leftBytes,
    };
  }

  /** How much its floors have risen since then, or since it is watched; NaN where that is not known yet. */
  gainedIn(windowMs: number): number {
    return this.#floors.gainedIn(windowMs / this.#options.bucketMs);
  }

  /** Another process, another program, or a kill at the limit: nothing that was seen counts any more. */
  restart(at: Instant): void {
    this.#settledAt = at + this.#options.settleMs;
    this.#sampledAt = LONG_AGO;
    this.#retract();
  }

  /** At any intervals: until the next sample memory is taken to be as it was. NaN is not known, and no sample. */
  observe(at: Instant, bytes: number, limitBytes: number): LeakLevel {
    if (Number.isNaN(bytes) || at < this.#sampledAt) return this.level;
    if (at - this.#sampledAt > this.#options.gapMsMax) this.#begin(at, bytes);
    this.#limitBytes = limitBytes;
    const closedBefore = this.#floors.closed;
    let octaves = 0;
    while (at >= this.#bucketEndsAt) octaves = Math.max(octaves, this.#closeBucket());
    this.#sampledAt = at;
    this.#bytes = bytes;
    this.#bucketBytes = Math.min(this.#bucketBytes, bytes);
    this.#bucketCrest = Math.max(this.#bucketCrest, bytes);
    if (this.#grade !== NONE && this.#proof.isGivenBackBy(bytes, this.#options.giveBackShare)) this.#retract();
    else if (at >= this.#settledAt)
      for (let octave = 0; octave < octaves; octave++) this.#judge(octave, at, closedBefore);
    return this.level;
  }

  #begin(at: Instant, bytes: number): void {
    this.#floors.clear();
    this.#retract();
    this.#bucketEndsAt = at + this.#options.bucketMs;
    this.#bucketBytes = bytes;
    this.#bucketCrest = bytes;
    this.#cycle.begin(bytes, at);
  }

  #retract(): void {
    this.#infos.fill(0);
    this.#warnings.fill(0);
    this.#grade = NONE;
  }

  /** Returns how many octaves have one more. */
  #closeBucket(): number {
    const octaves = this.#floors.close(this.#bucketBytes, this.#bucketCrest);
    this.#cycle.note(this.#bucketBytes, this.#bucketEndsAt, this.#limitBytes);
    this.#bucketBytes = this.#bytes;
    this.#bucketCrest = this.#bytes;
    this.#bucketEndsAt += this.#options.bucketMs;
    return octaves;
  }

  /** What the horizons of one octave say, which has a bucket more, or several. */
  #judge(octave: number, at: Instant, closedBefore: number): void {
    const { hits, infoHorizons } = this.#options;
    const stepMs = this.#options.bucketMs * 2 ** octave;
    const last = this.#floors.last(octave);
    const headroom = this.#limitBytes - this.#floors.crest(octave);
    // Cheap, and false for nearly all: too little to be anything, or far too little for so far a limit.
    const from = last - Math.max(growthMin(this.#options, this.#limitBytes), headroom / (2 * infoHorizons));
    const doubtedMs = this.#cycle.doubtedMs(at);
    let said = NONE;
    for (let index = 0; index < WINDOWS.length && said < WARNING; index++) {
      const count = WINDOWS[index]!;
      if (!(this.#floors.last(octave, count - 1) <= from) || count * stepMs <= doubtedMs) continue;
      const says = this.#look(octave, count, headroom);
      if (says > said) this.#prove(octave, at);
      said = Math.max(said, says);
    }
    if (said === NONE && this.#infos[octave] === 0 && this.#warnings[octave] === 0) return;
    const times = Math.min(TIMES_MAX, (this.#floors.closed >>> octave) - (closedBefore >>> octave));
    this.#infos[octave] = tally(this.#infos[octave]!, said >= INFO, times, hits);
    this.#warnings[octave] = tally(this.#warnings[octave]!, said >= WARNING, times, hits);
    this.#grade = this.#highest();
    if (said >= this.#grade && this.#holds(octave) && this.#outweighs(octave)) this.#proof.take(candidate);
  }

  /** Whether an octave is of those that make the grade. */
  #holds(octave: number): boolean {
    const { hits } = this.#options;
    if (this.#grade === WARNING) return this.#warnings[octave]! >= hits;
    return this.#grade === INFO && this.#infos[octave]! >= hits;
  }

  /** The longest horizon is the proof: what a shorter one sees, garbage may take back. */
  #outweighs(octave: number): boolean {
    return octave >= this.#proof.octave || !this.#holds(this.#proof.octave);
  }

  #look(octave: number, count: number, headroom: number): number {
    const { infoHorizons, warningHorizons } = this.#options;
    this.#floors.copy(octave, count, floors);
    if (!growsAsLeak(floors, count, this.#options)) return NONE;
    // What speeds up is forecast so, but not believed to go on so: the rise of every wave speeds up at first.
    const horizons = headroom / growth.slope / growth.steps;
    return horizons > infoHorizons ? NONE : horizons > warningHorizons ? INFO : WARNING;
  }

  #prove(octave: number, at: Instant): void {
    const stepMs = this.#options.bucketMs * 2 ** octave;
    candidate.octave = octave;
    candidate.at = at;
    candidate.floorBytes = this.#floors.last(octave);
    candidate.crestBytes = this.#floors.crest(octave);
    candidate.growthBytes = growth.bytes;
    candidate.windowMs = growth.steps * stepMs;
    candidate.slope = growth.slope / stepMs;
    candidate.slopeLow = growth.slopeLow / stepMs;
    candidate.slopeHigh = growth.slopeHigh / stepMs;
    candidate.speedUp = growth.speedUp / stepMs ** 2;
  }

  #highest(): number {
    const { hits } = this.#options;
    let grade = NONE;
    for (let octave = 0; octave < this.#infos.length; octave++) {
      if (this.#warnings[octave]! >= hits) return WARNING;
      if (this.#infos[octave]! >= hits) grade = INFO;
    }
    return grade;
  }

  #forecastMs(slope: number): number {
    return this.#proof.forecastMs(slope, this.#limitBytes, this.#sampledAt);
  }
}
