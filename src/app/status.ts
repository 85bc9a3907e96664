import type { Engine } from '../core/engine/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Namer } from '../workload/index.ts';
import { BUILD } from './build.ts';

/** Without probes we are ready, and say that we see less; a probe that should run and does not makes us blind. */
export function readiness(kernel: Kernel, isSeeded: boolean) {
  const isBlind = kernel.probes().some(({ required, attached }) => required && !attached);
  const reasons = isSeeded ? kernel.reasons() : ['the first snapshot is not done yet', ...kernel.reasons()];
  return { ready: isSeeded && !isBlind, mode: kernel.mode, reasons };
}

/** All that somebody may want to know of us who wonders what we see. */
export function statusOf(kernel: Kernel, engine: Engine, namer: Namer, faults: readonly string[]): object {
  return {
    ...BUILD,
    mode: kernel.mode,
    degraded: [...kernel.reasons(), ...faults],
    probes: kernel.probes(),
    maps: kernel.maps(),
    governor: kernel.governor(),
    collectors: Object.fromEntries(kernel.collectors()),
    names: namer.reading(),
    events: kernel.eventCounts(),
    engine: engine.stats(),
  };
}
