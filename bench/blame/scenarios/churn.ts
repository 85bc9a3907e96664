import { bursty, hog, type Scenario, type Victim } from '../scenario.ts';

const v: Victim = { role: 'v', truth: 'runtime' };

/** Tasks that hardly live, and those that are not tasks of anybody. */
export const CHURN: readonly Scenario[] = [
  {
    name: 'fork-storm',
    roles: [hog('v'), { name: 'a', load: 'forks,threads=4,on_us=100' }],
    victims: [{ ...v, most: 'a' }],
  },
  {
    name: 'short-jobs',
    roles: [hog('v'), { name: 'a', load: 'forks,threads=2,on_us=5000' }],
    victims: [{ ...v, most: 'a' }],
  },
  {
    name: 'fork-storm-victim',
    roles: [{ name: 'v', load: 'forks,threads=3,on_us=1000' }, hog('a')],
    victims: [{ role: 'v', truth: 'none' }],
  },
  {
    // Datagrams that the victim's CPU must receive for a sender on the other one.
    name: 'kernel-thread',
    roles: [hog('v'), { name: 'a', load: 'flood', cpu: 0 }],
    victims: [{ role: 'v', truth: 'none', most: 'kernel', innocent: ['a'] }],
    hostOnly: true,
  },
  {
    name: 'everything',
    roles: [
      hog('v'),
      hog('a', { load: 'spin,threads=4' }),
      { name: 'b', load: 'pipe' },
      bursty('c', 3, 30),
      { name: 'd', load: 'forks,threads=2,on_us=500' },
    ],
    victims: [v],
  },
];
