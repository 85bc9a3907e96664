import type { Accounts } from '../../account/accounts.ts';
import type { Lessons } from './lessons.ts';

type PlaceKind =
  | 'cgroup-made'
  | 'cgroup-removed'
  | 'workload-named'
  | 'cgroup-counts'
  | 'cgroup-limits'
  | 'pressure'
  | 'host';

/** What the kernel tells of cgroups, and of the host, and what those are called. */
export function places(accounts: Accounts): Lessons<PlaceKind> {
  return {
    'cgroup-made': (event) => accounts.makeCgroup(event),
    'cgroup-removed': (event) => accounts.removeCgroup(event),
    'workload-named': (event) => accounts.name(event),
    'cgroup-counts': (event) => accounts.counts(event),
    'cgroup-limits': (event) => accounts.limits(event),
    pressure: (event) => accounts.pressure(event),
    host: (event) => accounts.hostTotals(event),
  };
}
