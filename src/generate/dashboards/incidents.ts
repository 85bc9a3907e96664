import type { DashboardSpec } from './panel.ts';
import { HOST } from './queries.ts';

const OF_CULPRIT = `${HOST},workload=~"$workload|"`;

/** What was found wrong, who did it, and since when. */
export const INCIDENTS: DashboardSpec = {
  uid: 'culprit-incidents',
  title: 'Culprit: incidents',
  description: 'What was found wrong, who is to blame, who suffers, and since when.',
  variables: ['instance', 'workload'],
  rows: [
    {
      title: 'Open now',
      panels: [
        {
          title: 'Open incidents',
          description:
            'One row for each detector and who is to blame. “Times” is how far beyond its threshold the worst has been. What to do is in the runbook of the alert; the evidence is in `culprit incidents`.',
          view: 'table',
          unit: 'short',
          width: 16,
          height: 9,
          thresholds: { amber: 1, red: 2 },
          columns: {
            severity: 'Severity',
            detector: 'Detector',
            group: 'Culprit',
            workload: 'Workload',
            victim: 'Victim',
            instance: 'Host',
            Value: 'Times its threshold',
          },
          queries: [
            {
              expr: `sort_desc(culprit_incident_peak_ratio{${OF_CULPRIT}} and culprit_incident_active{${OF_CULPRIT}} > 0)`,
              legend: '{{detector}}',
            },
          ],
        },
        {
          title: 'Open, by severity',
          description: 'Incidents that are open at a time.',
          view: 'areas',
          unit: 'short',
          width: 8,
          height: 9,
          min: 0,
          queries: [{ expr: `sum by (severity) (culprit_incident_active{${OF_CULPRIT}})`, legend: '{{severity}}' }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Timeline',
          description: 'A bar while an incident is open, by detector and who is to blame.',
          view: 'timeline',
          unit: 'short',
          width: 24,
          height: 12,
          queries: [
            {
              expr: `sum by (instance, detector, group, workload) (culprit_incident_active{${OF_CULPRIT}}) > 0`,
              legend: '{{detector}}: {{group}} of {{workload}} on {{instance}}',
            },
          ],
        },
        {
          title: 'Opened, by detector',
          description:
            'Incidents opened in the time chosen. A detector that opens many small ones wants another threshold.',
          view: 'table',
          unit: 'short',
          width: 12,
          columns: { detector: 'Detector', severity: 'Severity', Value: 'Opened' },
          queries: [
            {
              expr: `sort_desc(sum by (detector, severity) (increase(culprit_incidents_total{${HOST}}[$__range])) > 0)`,
              legend: '{{detector}}',
            },
          ],
        },
        {
          title: 'How far beyond the threshold',
          description: 'The worst of each detector so far, while it is open: 1 is at its threshold.',
          view: 'lines',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: `max by (detector, workload) (culprit_incident_peak_ratio{${OF_CULPRIT}})`,
              legend: '{{detector}}: {{workload}}',
            },
          ],
        },
      ],
    },
  ],
};
