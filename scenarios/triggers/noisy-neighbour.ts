import { trigger } from '../scenario.ts';

export default trigger({
  does: 'A batch job of eight threads on all CPUs, beside a service of two threads that compute 8 ms and sleep 2.',
  expects: [{ detector: 'noisy-neighbour', culprit: 'the leader' }],
  // The job waits for the service as well, and that is told as what it is.
  also: ['circuit-breaker', 'noisy-neighbour'],
  isQuick: true,
  async play(stage) {
    const job = await stage.load(stage.place(), ['spin', 8, 1_000, 0]);
    const service = await stage.load(stage.place({}, 'service'), ['spin', 2, 8_000, 2_000]);
    service.go();
    await stage.cause(job);
  },
});
