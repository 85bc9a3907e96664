import { type NumberFamily, single } from './family.ts';

/** What is wrong, and how often it was. */
export const INCIDENT_FAMILIES: readonly NumberFamily[] = [
  {
    name: 'culprit.incidents',
    unit: '{incident}',
    kind: 'counter',
    help: 'Incidents opened by this run, by detector, whatever becomes of them: resolved, or lost with a restart.',
    sheet: 'incidents',
    ...single('incidents'),
    namesLast: true,
  },
  {
    name: 'culprit.incident.active',
    unit: '{incident}',
    kind: 'updowncounter',
    help: 'Incidents that are open now, by detector and by the group and workload that is to blame.',
    sheet: 'activeIncidents',
    ...single('incidents_active'),
  },
  {
    name: 'culprit.incident.peak_ratio',
    unit: '1',
    kind: 'gauge',
    help: 'How far beyond its threshold the worst of the open incidents has been: 1 is at it, 2 is twice as much.',
    sheet: 'activeIncidents',
    ...single('incident_peak_ratio'),
  },
];
