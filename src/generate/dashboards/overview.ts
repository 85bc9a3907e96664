import type { DashboardSpec } from './panel.ts';
import { HOST, OF_WORKLOAD, rate, sumRate, top } from './queries.ts';

/** Is any host hurting, which workload, since when. */
export const OVERVIEW: DashboardSpec = {
  uid: 'culprit-overview',
  title: 'Culprit: overview',
  description: 'Is a host hurting, which workload suffers, and since when. Start here.',
  variables: ['instance', 'namespace', 'workload'],
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Open incidents',
          description: 'Incidents that are open now, over all hosts chosen above. Click through to the incidents.',
          view: 'stat',
          unit: 'short',
          width: 4,
          height: 5,
          thresholds: { amber: 1, red: 5 },
          queries: [{ expr: `sum(culprit_incident_active{${HOST}}) or vector(0)`, legend: 'open' }],
        },
        {
          title: 'Hosts under CPU pressure',
          description: 'Hosts on which some task waited for a CPU in more than 40 % of the time.',
          view: 'stat',
          unit: 'short',
          width: 4,
          height: 5,
          thresholds: { amber: 1, red: 3 },
          queries: [
            {
              expr: `count(${rate('culprit_pressure_stall_seconds_total', `${HOST},resource="cpu",stall="some"`)} > 0.4) or vector(0)`,
              legend: 'hosts',
            },
          ],
        },
        {
          title: 'Waiting for a CPU',
          description: 'How many tasks wait for a CPU at a time, on average: task-seconds of run delay in each second.',
          view: 'stat',
          unit: 'short',
          width: 4,
          height: 5,
          thresholds: { amber: 1, red: 4 },
          queries: [{ expr: `sum(${rate('culprit_workload_run_delay_seconds_total', OF_WORKLOAD)})`, legend: 'tasks' }],
        },
        {
          title: 'Behind neighbours',
          description:
            'The share of all waiting for a CPU that is due to other workloads: who, is told by “Who stalls whom”.',
          view: 'stat',
          unit: 'percentunit',
          width: 4,
          height: 5,
          min: 0,
          max: 1,
          thresholds: { amber: 0.3, red: 0.6 },
          queries: [
            {
              expr: `sum(${rate('culprit_blame_stall_seconds_total', `${HOST},resource="cpu",cause="neighbour"`)}) / sum(${rate('culprit_blame_stall_seconds_total', `${HOST},resource="cpu"`)})`,
              legend: 'share',
            },
          ],
        },
        {
          title: 'Processes started',
          description: 'Forks in each second, over all hosts chosen.',
          view: 'stat',
          unit: 'cps',
          width: 4,
          height: 5,
          thresholds: { amber: 500, red: 2_000 },
          queries: [{ expr: `sum(${rate('culprit_process_forks_total', OF_WORKLOAD)})`, legend: 'forks' }],
        },
        {
          title: 'Exporters that do not answer',
          description: 'Hosts that nobody watches now.',
          view: 'stat',
          unit: 'short',
          width: 4,
          height: 5,
          thresholds: { amber: 1, red: 1 },
          queries: [{ expr: `count(up{job="culprit",${HOST}} == 0) or vector(0)`, legend: 'down' }],
        },
      ],
    },
    {
      title: 'Who suffers',
      panels: [
        {
          title: 'Pressure of the hosts',
          description:
            'The share of time in which some task waited (some), or all at once (full), by resource: PSI as the kernel has it.',
          view: 'lines',
          unit: 'percentunit',
          width: 12,
          min: 0,
          thresholds: { amber: 0.2, red: 0.4 },
          queries: [
            {
              expr: rate('culprit_pressure_stall_seconds_total', `${HOST},resource="cpu",stall="some"`),
              legend: '{{instance}} {{resource}} {{stall}}',
            },
            {
              expr: rate('culprit_pressure_stall_seconds_total', `${HOST},resource=~"memory|io",stall="full"`),
              legend: '{{instance}} {{resource}} {{stall}}',
            },
          ],
        },
        {
          title: 'Workloads that wait for a CPU',
          description: 'Task-seconds of run delay in each second; the ten that wait most.',
          view: 'areas',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(10, sumRate('instance, workload', 'culprit_workload_run_delay_seconds_total', OF_WORKLOAD)),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
        {
          title: 'CPU by workload',
          description:
            'CPUs in use by workload, processes that lived too short for any scrape included; the ten largest.',
          view: 'areas',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(10, sumRate('instance, workload', 'culprit_process_cpu_time_seconds_total', OF_WORKLOAD)),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
        {
          title: 'Memory by workload',
          description: 'Anonymous memory of the live processes of each workload; the ten largest.',
          view: 'areas',
          unit: 'bytes',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(
                10,
                `sum by (instance, workload) (culprit_process_memory_bytes{${OF_WORKLOAD},type="anonymous"})`,
              ),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Incidents',
      panels: [
        {
          title: 'Incidents over time',
          description: 'A bar while an incident of the detector is open.',
          view: 'timeline',
          unit: 'short',
          width: 24,
          queries: [
            {
              expr: `sum by (instance, detector, workload) (culprit_incident_active{${HOST}}) > 0`,
              legend: '{{detector}}: {{workload}} on {{instance}}',
            },
          ],
        },
      ],
    },
  ],
};
