import circuitBreaker from './circuit-breaker.ts';
import type { AnyDetector } from './contract.ts';
import cpuPinned from './cpu-pinned.ts';
import cpuThrottled from './cpu-throttled.ts';
import crashLoop from './crash-loop.ts';
import execLoop from './exec-loop.ts';
import fdExhaustion from './fd-exhaustion.ts';
import forkBomb from './fork-bomb.ts';
import forkBurst from './fork-burst.ts';
import forkStorm from './fork-storm.ts';
import memoryLeak from './memory-leak.ts';
import noisyNeighbour from './noisy-neighbour.ts';
import oomKill from './oom-kill.ts';
import oomRisk from './oom-risk.ts';
import pidExhaustion from './pid-exhaustion.ts';
import pressure from './pressure.ts';
import runawayTree from './runaway-tree.ts';
import shortLivedChurn from './short-lived-churn.ts';
import stuckIo from './stuck-io.ts';
import zombies from './zombies.ts';

/** Every detector there is. */
export const DETECTORS: readonly AnyDetector[] = [
  circuitBreaker,
  cpuPinned,
  cpuThrottled,
  crashLoop,
  execLoop,
  fdExhaustion,
  forkBomb,
  forkBurst,
  forkStorm,
  memoryLeak,
  noisyNeighbour,
  oomKill,
  oomRisk,
  pidExhaustion,
  pressure,
  runawayTree,
  shortLivedChurn,
  stuckIo,
  zombies,
];
