import { hog, type Scenario, type Victim } from '../scenario.ts';

const v: Victim = { role: 'v', truth: 'runtime' };
/** Busy where it is in nobody's way. */
const far = hog('far', { cpu: 0 });
const apart: Victim = { ...v, innocent: ['far'] };

/** Everybody always wants the same CPU; how much of it they get differs. */
export const STEADY: readonly Scenario[] = [
  { name: 'one-hog', roles: [hog('v'), hog('a')], victims: [v, { role: 'a', truth: 'runtime' }], without: 'a' },
  { name: 'two-hogs', roles: [hog('v'), hog('a'), hog('b'), far], victims: [apart] },
  { name: 'three-hogs', roles: [hog('v'), hog('a'), hog('b'), hog('c')], victims: [v] },
  {
    name: 'two-victims',
    roles: [hog('v'), hog('w', { limits: { weight: 50 } }), hog('a', { limits: { weight: 400 } })],
    victims: [
      { ...v, most: 'a' },
      { role: 'w', truth: 'runtime', most: 'a' },
    ],
  },
  {
    name: 'weights-3-to-1',
    roles: [hog('v'), hog('a', { limits: { weight: 300 } }), far],
    victims: [{ ...apart, most: 'a' }],
  },
  {
    name: 'weights-1-to-10',
    roles: [hog('v', { limits: { weight: 1000 } }), hog('a')],
    victims: [{ ...v, most: 'a' }],
  },
  {
    name: 'shares-60-30-10',
    roles: [
      hog('v'),
      hog('a', { limits: { weight: 600 } }),
      hog('b', { limits: { weight: 300 } }),
      hog('c', { limits: { weight: 100 } }),
      far,
    ],
    victims: [{ ...apart, most: 'a' }],
  },
  {
    name: 'threads-8-neighbour',
    roles: [hog('v'), hog('a', { load: 'spin,threads=8' })],
    victims: [v, { role: 'a', truth: 'runtime' }],
  },
  { name: 'threads-32-neighbour', roles: [hog('v'), hog('a', { load: 'spin,threads=32' })], victims: [v] },
  {
    name: 'threads-own',
    roles: [hog('v', { load: 'spin,threads=6' }), hog('a', { limits: { weight: 50 } })],
    victims: [{ ...v, most: 'self' }],
  },
  {
    name: 'idle-class-victim',
    roles: [hog('v', { limits: { isIdle: true } }), hog('a')],
    victims: [{ ...v, most: 'a' }],
  },
  {
    // It waits for seconds at a time, while others take turns thousands of times.
    name: 'idle-class-victim-of-many',
    roles: [
      hog('v', { limits: { isIdle: true } }),
      hog('a'),
      hog('b', { load: 'spin,on_us=300,off_us=300' }),
      hog('c', { load: 'spin,on_us=200,off_us=500' }),
    ],
    victims: [v],
  },
  {
    name: 'idle-class-neighbour',
    roles: [
      hog('v'),
      hog('a', { load: 'spin,threads=2', limits: { isIdle: true } }),
      hog('b', { limits: { weight: 50 } }),
    ],
    victims: [{ ...v, most: 'b' }],
  },
];
