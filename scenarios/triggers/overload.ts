import { trigger } from '../scenario.ts';

/** Pressure is told only after it has held for a minute. */
export default trigger({
  does: 'A process computes on 16 threads, until nothing else gets a CPU without waiting for it.',
  expects: [
    { detector: 'circuit-breaker', culprit: 'the leader', withinSeconds: 25 },
    { detector: 'pressure', culprit: 'the workload' },
  ],
  also: ['noisy-neighbour', 'pressure'],
  patienceSeconds: 120,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['spin', 16, 1_000, 0]));
  },
});
