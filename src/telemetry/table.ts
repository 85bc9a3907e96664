import { BLAME_FAMILIES } from './table/blame.ts';
import type { Family, SheetFamily } from './table/family.ts';
import { GROUP_FAMILIES } from './table/groups.ts';
import { HOST_FAMILIES } from './table/host.ts';
import { INCIDENT_FAMILIES } from './table/incidents.ts';
import { SELF_FAMILIES } from './table/self.ts';
import { WORKLOAD_INFO_FAMILIES } from './table/workload-info.ts';
import { WORKLOAD_FAMILIES } from './table/workloads.ts';

export type { Family, HistogramFamily, NumberFamily, SelfFamily, SheetFamily } from './table/family.ts';
export { SELF_FAMILIES, type SelfName } from './table/self.ts';

/** Families whose samples are the cells of the accounts' sheets. */
export const SHEET_FAMILIES: readonly SheetFamily[] = [
  ...GROUP_FAMILIES,
  ...WORKLOAD_FAMILIES,
  ...WORKLOAD_INFO_FAMILIES,
  ...BLAME_FAMILIES,
  ...HOST_FAMILIES,
  ...INCIDENT_FAMILIES,
];

/** Every metric there is: both readers, the documentation and the dashboards are made from it. */
export const TABLE: readonly Family[] = [...SHEET_FAMILIES, ...SELF_FAMILIES];
