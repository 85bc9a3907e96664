import { type Chance, DAY, HOUR, MINUTE, type Shape, teeth } from './trace.ts';

type Leak = (t: { readonly share: number; readonly seconds: number; readonly day: number }) => number;

/** Each reaches the limit: half an hour to 18 hours after it began, at any time of the day. */
export const LEAKS: Readonly<Record<string, (chance: Chance) => Shape>> = {
  linear: leak(() => ({ noise: 0.002, grown: ({ share }) => share })),
  noisy: leak(({ between }) => ({ noise: between(0.01, 0.03), grown: ({ share }) => share })),
  'sawtooth and leak': leak((chance) => {
    const height = chance.between(0.05, 0.2);
    const garbage = teeth(chance, 1 / chance.magnitude(100, 1_000));
    return { noise: 0.002, grown: ({ share }) => (1 - height) * share + height * garbage(share) };
  }),
  staircase: leak(({ between }) => {
    const steps = Math.round(between(20, 60));
    const late = Array.from({ length: steps + 2 }, () => between(0, 0.6));
    return {
      noise: 0.002,
      grown: ({ share }) => {
        const step = Math.floor(share * steps);
        return (step + Number(share * steps - step >= late[step]!)) / steps;
      },
    };
  }),
  'diurnal and leak': leak(({ between }) => {
    const [height, phase] = [between(0.03, 0.08), between(0, 1)];
    return { noise: 0.003, grown: ({ share, day }) => share + height * (Math.sin(2 * Math.PI * (day + phase)) - 0.5) };
  }),
  'load-proportional': leak(({ between, normal }) => {
    const [height, phase] = [between(0.2, 0.6), between(0, 1)];
    let [before, grown, burst] = [0, 0, 0];
    return {
      noise: 0.002,
      grown: ({ share, day }) => {
        burst = 0.98 * burst + 0.2 * normal();
        const load = 1 + height * Math.sin(2 * Math.PI * (day + phase)) + 0.4 * burst;
        grown += (share - before) * Math.max(0, load);
        before = share;
        return grown;
      },
    };
  }),
  'warm-up and leak': leak(({ between, magnitude }) => {
    const [height, settling] = [between(0.1, 0.2), magnitude(2 * MINUTE, 10 * MINUTE)];
    return {
      noise: 0.003,
      grown: ({ share, seconds }) => height * (1 - Math.exp(-seconds / settling)) + (1 - height) * share,
    };
  }),
  accelerating: leak(({ between }) => {
    const power = between(1.3, 2);
    return { noise: 0.003, grown: ({ share }) => share ** power };
  }),
};

/** `grown` is the share of the head-room that is gone, by the share of its life that it has lived. */
function leak(of: (chance: Chance) => { readonly noise: number; readonly grown: Leak }) {
  return (chance: Chance): Shape => {
    const lifeSeconds = chance.magnitude(HOUR / 2, 18 * HOUR);
    const onsetSeconds = chance.between(0, DAY * 0.95 - lifeSeconds);
    const base = chance.between(0.05, 0.25);
    const { noise, grown } = of(chance);
    return {
      onsetSeconds,
      at(now) {
        const seconds = Math.max(0, now - onsetSeconds);
        const share = grown({ share: seconds / lifeSeconds, seconds, day: now / DAY });
        return base + (1 - base) * share + noise * chance.normal();
      },
    };
  };
}
