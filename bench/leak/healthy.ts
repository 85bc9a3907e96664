import { type Chance, DAY, HOUR, MINUTE, type Shape, teeth } from './trace.ts';

/** None reaches its limit, and each looks like a leak to somebody. */
export const HEALTHY: Readonly<Record<string, (chance: Chance) => Shape>> = {
  flat: ({ between, normal }) => {
    const base = between(0.2, 0.6);
    return { at: () => base + 0.003 * normal() };
  },
  steps: ({ between, normal }) => {
    const steps = Array.from({ length: 6 }, () => ({ from: between(0, DAY), share: between(-0.06, 0.12) }));
    const base = between(0.1, 0.3);
    return {
      at: (now) =>
        Math.max(
          0.02,
          steps.reduce((sum, step) => sum + (now >= step.from ? step.share : 0), base),
        ) +
        0.002 * normal(),
    };
  },
  sawtooth: (chance) => {
    const [base, height] = [chance.between(0.1, 0.5), chance.between(0.05, 0.3)];
    const garbage = teeth(chance, chance.magnitude(MINUTE, HOUR));
    return { at: (now) => base + height * garbage(now) + 0.003 * chance.normal() };
  },
  'warm-up': ({ between, magnitude, normal }) => {
    const [base, height, settling] = [between(0.05, 0.1), between(0.2, 0.6), magnitude(5 * MINUTE, 90 * MINUTE)];
    return { at: (now) => base + height * (1 - Math.exp(-now / settling)) + 0.003 * normal() };
  },
  diurnal: ({ between, normal }) => {
    const [base, height, phase] = [between(0.3, 0.5), between(0.04, 0.12), between(0, 1)];
    return { at: (now) => base + height * Math.sin(2 * Math.PI * (now / DAY + phase)) + 0.005 * normal() };
  },
  'hourly sine': ({ between, normal }) => {
    const [base, height, phase] = [between(0.3, 0.5), between(0.04, 0.12), between(0, 1)];
    return { at: (now) => base + height * Math.sin(2 * Math.PI * (now / HOUR + phase)) + 0.005 * normal() };
  },
  'cache fills, then plateau': ({ between, magnitude, normal }) => {
    const [base, height, seconds] = [between(0.05, 0.15), between(0.15, 0.4), magnitude(20 * MINUTE, 10 * HOUR)];
    const from = between(0, 2 * HOUR);
    return { at: (now) => base + height * clamp((now - from) / seconds) + 0.003 * normal() };
  },
  'batches grow and free': ({ between, magnitude, normal }) => {
    const [base, height, period] = [between(0.1, 0.3), between(0.1, 0.3), magnitude(20 * MINUTE, 3 * HOUR)];
    const busy = between(0.4, 0.8);
    return {
      at: (now) => {
        const share = (now / period) % 1;
        return base + (share < busy ? (height * share) / busy : 0) + 0.003 * normal();
      },
    };
  },
  'random walk': ({ between, magnitude, normal }) => {
    const step = magnitude(0.0003, 0.0015);
    let share = between(0.3, 0.5);
    return {
      at: () => {
        share += step * normal();
        // Off the walls, so that it never stands at one.
        if (share < 0.1) share = 0.2 - share;
        if (share > 0.85) share = 1.7 - share;
        return share;
      },
    };
  },
  'stairs that settle': ({ between, magnitude, normal }) => {
    const [base, height, settling] = [between(0.05, 0.2), between(0.3, 0.6), magnitude(HOUR / 2, 4 * HOUR)];
    const tread = settling / between(3, 10);
    return {
      at: (now) => base + height * (1 - Math.exp((-Math.floor(now / tread) * tread) / settling)) + 0.003 * normal(),
    };
  },
  'full and constant': ({ between, normal }) => {
    const base = between(0.82, 0.93);
    return { at: () => base + 0.005 * normal() };
  },
  'slow fill of nearly all': ({ between, magnitude, normal }) => {
    const [base, full, settling] = [between(0.1, 0.2), between(0.8, 0.92), magnitude(HOUR, 6 * HOUR)];
    return { at: (now) => full - (full - base) * Math.exp(-now / settling) + 0.003 * normal() };
  },
};

/** Before its plateau nobody can tell it from a leak: shown, and in no bar. */
export function undecidable({ between, magnitude, normal }: Chance): Shape {
  const [base, height, seconds] = [between(0.05, 0.15), between(0.55, 0.75), magnitude(20 * MINUTE, 10 * HOUR)];
  return { at: (now) => base + height * clamp(now / seconds) + 0.003 * normal() };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
