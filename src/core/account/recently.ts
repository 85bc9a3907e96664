import type { Instant } from '../model/units.ts';
import type { Accounts } from './accounts.ts';
import { PRESSURES } from './columns.ts';
import { Recent } from './recent.ts';

/** What the files of cgroups and of the host told lately, by slot of their sheets. */
export class Recently {
  readonly workloads: Recent;
  readonly host: Recent;

  constructor({ workloads, host }: Pick<Accounts, 'workloads' | 'host'>) {
    this.workloads = new Recent(workloads, ['cpu_periods', 'throttled_periods', ...PRESSURES]);
    this.host = new Recent(host, PRESSURES);
  }

  observe(at: Instant): void {
    this.workloads.observe(at);
    this.host.observe(at);
  }
}
