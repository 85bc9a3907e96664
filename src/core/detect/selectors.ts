import type { Accounts } from '../account/accounts.ts';
import type { Finding } from '../model/finding.ts';

/** Findings, by who is to blame; all that is given must match. */
export interface Selector {
  readonly detector?: string | undefined;
  /** Of Kubernetes. */
  readonly namespace?: RegExp | undefined;
  readonly workload?: RegExp | undefined;
  readonly group?: RegExp | undefined;
  readonly uid?: number | undefined;
}

export function isWanted(
  include: readonly Selector[],
  exclude: readonly Selector[],
  detector: string,
  finding: Finding,
  accounts: Pick<Accounts, 'groupOf'>,
): boolean {
  const matches = (selector: Selector) => isSelected(selector, detector, finding, accounts);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}

/** What is not known matches nothing. */
function isSelected(
  { detector, namespace, workload, group, uid }: Selector,
  id: string,
  { culprit, workload: found }: Finding,
  accounts: Pick<Accounts, 'groupOf'>,
): boolean {
  if (detector !== undefined && detector !== id) return false;
  if (workload !== undefined && !(found !== undefined && workload.test(found.name))) return false;
  if (namespace !== undefined && !(found?.namespace !== undefined && namespace.test(found.namespace))) return false;
  const name = culprit && accounts.groupOf(culprit);
  if (group !== undefined && !(name !== undefined && group.test(name))) return false;
  return uid === undefined || culprit?.uid === uid;
}
