import type { AnyDetector } from './contract.ts';
import forkStorm from './fork-storm.ts';

/** Every detector there is. */
export const DETECTORS: readonly AnyDetector[] = [forkStorm];
