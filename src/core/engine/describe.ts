import type { Sight } from '../detect/contract.ts';
import type { Finding } from '../model/finding.ts';
import type { Culprit, NamedProcess } from '../model/incident.ts';
import type { Process } from '../model/process.ts';

/** What is above that tells nothing new. */
const LINEAGE_MAX = 16;

/** Says who is to blame in a finding, in words that stay true when the process is gone. */
export function describer({ tree, accounts }: Pick<Sight, 'tree' | 'accounts'>): (finding: Finding) => Culprit {
  return ({ culprit, workload }) => ({
    process: culprit && named(culprit),
    lineage: culprit === undefined ? [] : [...tree.ancestors(culprit).take(LINEAGE_MAX).map(named)],
    group: (culprit && accounts.groupOf(culprit)) ?? '',
    workload: workload ?? (culprit && accounts.workloadOf(culprit)),
  });
}

function named({ pid, startedNs, comm, exe }: Process): NamedProcess {
  return { pid, startedNs, comm, exe };
}
