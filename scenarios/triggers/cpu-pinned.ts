import { trigger } from '../scenario.ts';

const ON_CPU_1 = ['taskset', '-c', '1'];

export default trigger({
  does: 'An endless loop on one CPU, and a service there that computes 1 ms and sleeps 40.',
  expects: [{ detector: 'cpu-pinned', culprit: 'the leader' }],
  also: ['noisy-neighbour', 'pressure'],
  needs: ['taskset'],
  patienceSeconds: 100,
  async play(stage) {
    const loop = await stage.load(stage.place(), ['spin', 1, 1_000, 0], ON_CPU_1);
    const service = await stage.load(stage.place({}, 'service'), ['spin', 1, 1_000, 40_000], ON_CPU_1);
    service.go();
    await stage.cause(loop);
  },
});
