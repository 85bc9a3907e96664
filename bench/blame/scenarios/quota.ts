import { hog, type Scenario, type Victim } from '../scenario.ts';

const v: Victim = { role: 'v', truth: 'quota' };

/** Who is stopped by a quota waits for nobody but the clock, whoever runs meanwhile. */
export const QUOTA: readonly Scenario[] = [
  { name: 'quota-only', roles: [hog('v', { limits: { quota: 0.2 } })], victims: [{ ...v, most: 'throttle' }] },
  {
    name: 'quota-10-victim',
    roles: [hog('v', { limits: { quota: 0.1 } }), hog('a')],
    victims: [{ ...v, most: 'throttle' }],
  },
  {
    name: 'quota-50-victim',
    roles: [hog('v', { limits: { quota: 0.5 } }), hog('a', { limits: { weight: 10 } })],
    victims: [v],
  },
  {
    name: 'quota-other-cpu',
    roles: [hog('v', { limits: { quota: 0.3 } }), hog('a', { cpu: 0 })],
    victims: [{ ...v, most: 'throttle', innocent: ['a'] }],
  },
  {
    name: 'quota-offender',
    roles: [hog('v'), hog('a', { limits: { quota: 0.3 } })],
    victims: [
      { role: 'v', truth: 'runtime', most: 'a' },
      { role: 'a', truth: 'quota', most: 'throttle' },
    ],
  },
  {
    name: 'quota-nested',
    roles: [hog('v', { parentLimits: { quota: 0.25 } }), hog('a', { cpu: 0 })],
    victims: [{ ...v, most: 'throttle', innocent: ['a'] }],
  },
  {
    // Four tasks stand still while the kernel's clock counts one.
    name: 'quota-threads',
    roles: [hog('v', { load: 'spin,threads=4', limits: { quota: 0.2 } })],
    victims: [{ role: 'v', truth: 'none', most: 'throttle' }],
  },
];
