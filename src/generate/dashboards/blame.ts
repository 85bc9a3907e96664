import type { DashboardSpec } from './panel.ts';
import { HOST, OF_WORKLOAD, rate, sumRate, top } from './queries.ts';

const STALL = 'culprit_blame_stall_seconds_total';
const OF_VICTIM = `${HOST},victim=~"$workload"`;

/** Who stalls whom. */
export const BLAME: DashboardSpec = {
  uid: 'culprit-blame',
  title: 'Culprit: who stalls whom',
  description: 'Who made whom wait, for what, and why; it adds up to the run delay that the kernel counts.',
  variables: ['instance', 'namespace', 'workload'],
  rows: [
    {
      title: 'Victims and offenders',
      panels: [
        {
          title: 'Who made whom wait',
          description:
            'Task-seconds that the victim (row) waited while the offender (column) held what it waited for, in the time chosen. Only neighbours: own threads and own quota are below.',
          view: 'matrix',
          unit: 's',
          width: 24,
          height: 10,
          rows: 'victim',
          columns: { offender: 'offender' },
          thresholds: { amber: 1, red: 10 },
          queries: [
            {
              expr: `topk(60, sum by (victim, offender) (increase(${STALL}{${OF_VICTIM},cause="neighbour"}[$__range])) > 0.001)`,
              legend: '{{victim}} behind {{offender}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Why',
      panels: [
        {
          title: 'Waiting for a CPU, by cause',
          description:
            'Tasks that wait at a time. A neighbour, the own quota (throttle), own threads (self), the kernel, interrupts, the hypervisor; unobserved is what could not be seen.',
          view: 'areas',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [{ expr: sumRate('cause', STALL, `${OF_VICTIM},resource="cpu"`), legend: '{{cause}}' }],
        },
        {
          title: 'Offenders',
          description: 'How many tasks of others wait behind each at a time; the ten worst.',
          view: 'lines',
          unit: 'short',
          width: 12,
          min: 0,
          thresholds: { amber: 0.5, red: 2 },
          queries: [
            {
              expr: top(10, sumRate('instance, offender', STALL, `${OF_VICTIM},cause="neighbour"`)),
              legend: '{{offender}} on {{instance}}',
            },
          ],
        },
        {
          title: 'Pressure, with run delay beside it',
          description:
            'PSI says that some task waited; run delay says how many at a time. Run delay above pressure: several wait at once.',
          view: 'lines',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(
                5,
                rate('culprit_workload_pressure_stall_seconds_total', `${OF_WORKLOAD},resource="cpu",stall="some"`),
              ),
              legend: '{{workload}} PSI some',
            },
            {
              expr: top(5, rate('culprit_workload_run_delay_seconds_total', OF_WORKLOAD)),
              legend: '{{workload}} run delay',
            },
          ],
        },
        {
          title: 'Waiting for a disk and for memory',
          description: 'Task-seconds in each second by victim and cause. IO blame is on while the host waits for IO.',
          view: 'lines',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(10, sumRate('victim, resource, cause', STALL, `${OF_VICTIM},resource!="cpu"`)),
              legend: '{{victim}} {{resource}} {{cause}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Own limits and single waits',
      panels: [
        {
          title: 'Throttled periods',
          description: 'The share of the periods of its CPU quota that a workload ended with nothing left.',
          view: 'lines',
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
          thresholds: { amber: 0.1, red: 0.25 },
          queries: [
            {
              expr: `${rate('culprit_workload_cpu_throttled_periods_total', OF_WORKLOAD)} / (${rate('culprit_workload_cpu_periods_total', OF_WORKLOAD)} > 0)`,
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
        {
          title: 'Long waits',
          description: 'Single waits for a CPU of more than 50 ms, in each second.',
          view: 'lines',
          unit: 'cps',
          width: 8,
          min: 0,
          queries: [
            {
              expr: top(10, rate('culprit_workload_long_waits_total', OF_WORKLOAD)),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
        {
          title: 'Longest wait',
          description: 'The longest single wait for a CPU of the last minute; one that still goes on is in it.',
          view: 'lines',
          unit: 's',
          width: 8,
          min: 0,
          thresholds: { amber: 0.1, red: 1 },
          queries: [
            {
              expr: top(10, `culprit_workload_longest_wait_seconds{${OF_WORKLOAD}}`),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
      ],
    },
  ],
};
