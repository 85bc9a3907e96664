import { bursty, hog, type Scenario, type Victim } from '../scenario.ts';

const v: Victim = { role: 'v', truth: 'runtime' };

/** Where tasks run, in which cgroup, and before whom. */
export const PLACEMENT: readonly Scenario[] = [
  {
    name: 'floating-hogs',
    roles: ['v', 'a', 'b'].map((name) => hog(name, { cpu: 'any' })),
    victims: ['v', 'a', 'b'].map((role) => ({ role, truth: 'none' })),
  },
  {
    // Whether the own threads or the hogs hold it up more is the scheduler's choice: 6.1 and 6.18 differ.
    name: 'floating-sleepers',
    roles: [
      { name: 'v', load: 'spin,threads=3,on_us=3000,off_us=5000', cpu: 'any' },
      hog('a', { load: 'spin,threads=3', cpu: 'any' }),
    ],
    victims: [{ role: 'v', truth: 'none' }],
  },
  {
    name: 'floating-victim',
    roles: [bursty('v', 2, 3, { cpu: 'any' }), hog('a', { cpu: 0 }), hog('b')],
    victims: [{ role: 'v', truth: 'none' }],
  },
  {
    name: 'pinned-beside-idle',
    roles: [hog('v'), hog('a'), bursty('b', 1, 50, { cpu: 'any' })],
    victims: [{ role: 'v', truth: 'none', most: 'a' }],
  },
  {
    name: 'other-cpu',
    roles: [bursty('v', 5, 5), hog('a', { cpu: 0 })],
    victims: [{ role: 'v', truth: 'none', innocent: ['a'] }],
  },
  {
    name: 'other-cpu-threads',
    roles: [hog('v'), hog('a', { load: 'spin,threads=8', cpu: 0 }), bursty('b', 5, 10)],
    victims: [{ ...v, most: 'b', innocent: ['a'] }],
  },
  {
    name: 'realtime-hog',
    roles: [hog('v'), bursty('a', 5, 5, { isRealtime: true })],
    victims: [{ ...v, most: 'a' }],
  },
  { name: 'cgroup-changed', roles: [hog('v'), hog('a')], victims: [v], moved: 'a' },
  { name: 'cgroup-changed-victim', roles: [hog('v'), hog('a')], victims: [{ ...v, most: 'a' }], moved: 'v' },
  { name: 'cgroup-recreated', roles: [hog('v'), hog('a')], victims: [{ ...v, most: 'a' }], recreated: 'a' },
  {
    name: 'idle',
    roles: [
      { name: 'v', load: 'spin,on_us=100,off_us=100000' },
      { name: 'w', load: 'spin,on_us=100,off_us=70000', cpu: 0 },
    ],
    victims: [
      { role: 'v', truth: 'none', innocent: ['w'] },
      { role: 'w', truth: 'none', innocent: ['v'] },
    ],
  },
];
