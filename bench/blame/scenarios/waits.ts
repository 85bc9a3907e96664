import { hog, type Role, type Scenario } from '../scenario.ts';

const reader: Role = { name: 'v', load: 'read,path=@disk,direct=1,bytes=4096,off_us=500', cpu: 1 };
const victims = [{ role: 'v', truth: 'none', most: 'a' }] as const;

/** Waits for a disk and for memory. */
export const WAITS: readonly Scenario[] = [
  {
    name: 'io-direct',
    resource: 'io',
    roles: [reader, { name: 'a', load: 'read,path=@disk,direct=1,bytes=1048576,threads=4', cpu: 'any' }],
    victims,
    without: 'a',
  },
  {
    name: 'io-buffered',
    resource: 'io',
    roles: [reader, { name: 'a', load: 'write,path=@disk,bytes=1048576,sync=16', cpu: 'any' }],
    victims,
    without: 'a',
  },
  {
    name: 'io-fsync',
    resource: 'io',
    roles: [reader, { name: 'a', load: 'write,path=@disk,bytes=65536,sync=1,threads=8', cpu: 0 }],
    victims,
    without: 'a',
  },
  {
    name: 'io-innocent-device',
    resource: 'io',
    roles: [reader, { name: 'a', load: 'read,path=@other,direct=1,bytes=65536', cpu: 'any' }],
    victims: [{ role: 'v', truth: 'none', innocent: ['a'] }],
  },
  {
    // The page cache of one file does not fit into what its reader may have; its neighbour has nothing to do with it.
    name: 'memory-own-limit',
    resource: 'memory',
    roles: [
      { name: 'v', load: 'read,path=@disk,bytes=65536', cpu: 'any', limits: { memoryBytes: 16 << 20 } },
      hog('a', { cpu: 0 }),
    ],
    victims: [{ role: 'v', truth: 'none', most: 'self', innocent: ['a'] }],
  },
];
