import { type NumberFamily, single } from './family.ts';

/** What is wrong, and how often it was. */
export const INCIDENT_FAMILIES: readonly NumberFamily[] = [
  {
    name: 'culprit.incidents',
    unit: '{incident}',
    kind: 'counter',
    help: 'Incidents opened, by detector.',
    sheet: 'incidents',
    ...single('incidents'),
    namesLast: true,
  },
  {
    name: 'culprit.incident.active',
    unit: '{incident}',
    kind: 'updowncounter',
    help: 'Incidents that are open now, by detector and by the workload that is to blame.',
    sheet: 'activeIncidents',
    ...single('incidents_active'),
  },
];
