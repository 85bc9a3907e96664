import type { Instant } from '../../model/units.ts';
import { timeTo } from './window.ts';

/** What was seen on the horizon that spoke last, in bytes and milliseconds. One for each series, filled again and again. */
export class Proof {
  octave = 0;
  at: Instant = 0;
  floorBytes = 0;
  growthBytes = 0;
  windowMs = 0;
  /** At the limit it dies with its garbage. */
  crestBytes = 0;
  slope = 0;
  slopeLow = 0;
  slopeHigh = 0;
  speedUp = 0;

  take(other: Proof): void {
    this.octave = other.octave;
    this.at = other.at;
    this.floorBytes = other.floorBytes;
    this.crestBytes = other.crestBytes;
    this.growthBytes = other.growthBytes;
    this.windowMs = other.windowMs;
    this.slope = other.slope;
    this.slopeLow = other.slopeLow;
    this.slopeHigh = other.slopeHigh;
    this.speedUp = other.speedUp;
  }

  /** From `now` until the limit, at a slope; 0 where it should have been reached. */
  forecastMs(slope: number, limitBytes: number, now: Instant): number {
    return Math.max(0, timeTo(limitBytes - this.crestBytes, slope, this.speedUp) - (now - this.at));
  }

  isGivenBackBy(bytes: number, share: number): boolean {
    return bytes < this.floorBytes - share * this.growthBytes;
  }
}
