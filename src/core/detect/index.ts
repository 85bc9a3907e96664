import type { AnyDetector } from './contract.ts';
import crashLoop from './crash-loop.ts';
import execLoop from './exec-loop.ts';
import forkBurst from './fork-burst.ts';
import forkStorm from './fork-storm.ts';
import noisyNeighbour from './noisy-neighbour.ts';
import shortLivedChurn from './short-lived-churn.ts';
import zombies from './zombies.ts';

/** Every detector there is. */
export const DETECTORS: readonly AnyDetector[] = [
  crashLoop,
  execLoop,
  forkBurst,
  forkStorm,
  noisyNeighbour,
  shortLivedChurn,
  zombies,
];
