import { type NumberFamily, single } from './family.ts';

/** What a person wants to know of a container, and would not want as a label of each of its series. */
export const WORKLOAD_INFO_FAMILIES: readonly NumberFamily[] = [
  {
    name: 'culprit.workload.info',
    unit: '',
    kind: 'gauge',
    help: 'Always 1; the labels tell what is known of a container or a pod, to be joined by its workload.',
    sheet: 'workloadInfo',
    ...single('info'),
  },
];
