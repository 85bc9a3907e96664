import { bursty, hog, type Scenario, type Victim } from '../scenario.ts';

const v: Victim = { role: 'v', truth: 'runtime' };
/** Busy where it is in nobody's way. */
const far = hog('far', { cpu: 0 });
const apart: Victim = { ...v, innocent: ['far'] };

/** Somebody comes and goes. Who sleeps at times has no exact truth, for it may be asleep while the other runs. */
export const BURSTY: readonly Scenario[] = [
  { name: 'burst-5-20', roles: [hog('v'), bursty('a', 5, 20), far], victims: [{ ...apart, most: 'a' }] },
  { name: 'burst-1-100', roles: [hog('v'), bursty('a', 1, 100)], victims: [v] },
  { name: 'burst-50-500', roles: [hog('v'), bursty('a', 50, 500)], victims: [{ ...v, most: 'a' }] },
  {
    name: 'burst-two',
    roles: [hog('v'), bursty('a', 5, 20), bursty('b', 20, 50), far],
    victims: [{ ...apart, most: 'b' }],
  },
  {
    name: 'bursty-victim',
    roles: [bursty('v', 1, 5), hog('a')],
    victims: [
      { role: 'v', truth: 'none', most: 'a' },
      { role: 'a', truth: 'runtime', most: 'v' },
    ],
  },
  {
    // As with `floating-sleepers`, nobody can say beforehand who is the first.
    name: 'bursty-victim-threads',
    roles: [{ name: 'v', load: 'spin,threads=8,on_us=1000,off_us=20000' }, hog('a', { load: 'spin,threads=4' })],
    victims: [{ role: 'v', truth: 'none' }],
  },
  {
    name: 'bursty-both',
    roles: [bursty('v', 1, 10), bursty('a', 7, 3)],
    victims: [{ role: 'v', truth: 'none', most: 'a' }],
  },
  {
    name: 'switch-storm',
    roles: [hog('v'), { name: 'a', load: 'pipe' }, far],
    victims: [{ ...apart, most: 'a' }],
  },
  {
    // Whoever holds the lock is kept from the CPU, and with it whoever wants the lock; only the former waits for a CPU.
    name: 'lock-holder',
    roles: [{ name: 'v', load: 'lock,threads=3,on_us=2000' }, hog('a')],
    victims: [{ role: 'v', truth: 'none', most: 'a' }],
  },
];
