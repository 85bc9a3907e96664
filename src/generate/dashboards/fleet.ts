import type { DashboardSpec, PanelSpec } from './panel.ts';
import { HOST, rate, sumRate, top } from './queries.ts';

/** Many hosts: where is it worst, and where are we blind. */
export const FLEET: DashboardSpec = {
  uid: 'culprit-fleet',
  title: 'Culprit: fleet',
  description: 'Many hosts at once: the worst pressure, the worst offenders, and the exporters that see nothing.',
  variables: ['instance'],
  rows: [
    {
      title: 'Worst hosts',
      panels: [
        worst('CPU', 'where some task waits for a CPU', 'cpu', 'some', { amber: 0.2, red: 0.4 }),
        worst('Memory', 'where all tasks wait for memory', 'memory', 'full', { amber: 0.02, red: 0.05 }),
        worst('IO', 'where all tasks wait for IO', 'io', 'full', { amber: 0.1, red: 0.2 }),
      ],
    },
    {
      title: 'Worst offenders and incidents',
      panels: [
        {
          title: 'Offenders of the fleet',
          description:
            'How many tasks of others wait behind each workload at a time, summed over hosts: a bad release shows here first.',
          view: 'lines',
          unit: 'short',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(10, sumRate('offender', 'culprit_blame_stall_seconds_total', `${HOST},cause="neighbour"`)),
              legend: '{{offender}}',
            },
          ],
        },
        {
          title: 'Open incidents by host',
          description: 'Where most is wrong now.',
          view: 'table',
          unit: 'short',
          width: 12,
          columns: { instance: 'Host', detector: 'Detector', Value: 'Open' },
          thresholds: { amber: 1, red: 5 },
          queries: [
            {
              expr: `sort_desc(sum by (instance, detector) (culprit_incident_active{${HOST}}) > 0)`,
              legend: '{{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Do we see them all',
      panels: [
        {
          title: 'Exporters',
          description: 'Those that answer.',
          view: 'stat',
          unit: 'short',
          width: 6,
          height: 6,
          queries: [{ expr: `count(up{job="culprit",${HOST}} == 1)`, legend: 'up' }],
        },
        {
          title: 'Blind probes',
          description: 'Probes that should be attached and are not.',
          view: 'stat',
          unit: 'short',
          width: 6,
          height: 6,
          thresholds: { amber: 1, red: 5 },
          queries: [
            {
              expr: `count(culprit_probe_attached{${HOST}} == 0 unless culprit_probe_wanted{${HOST}} == 0) or vector(0)`,
              legend: 'blind',
            },
          ],
        },
        {
          title: 'Versions',
          description: 'What runs where.',
          view: 'table',
          unit: 'short',
          width: 12,
          height: 6,
          columns: { version: 'Version', kernel_release: 'Kernel', Value: 'Hosts' },
          queries: [
            { expr: `count by (version, kernel_release) (culprit_build_info{${HOST}})`, legend: '{{version}}' },
          ],
        },
      ],
    },
  ],
};

function worst(
  name: string,
  where: string,
  resource: string,
  stall: string,
  thresholds: NonNullable<PanelSpec['thresholds']>,
): PanelSpec {
  const matchers = `${HOST},resource="${resource}",stall="${stall}"`;
  return {
    title: `${name} pressure`,
    description: `The ten hosts ${where} most of the time.`,
    view: 'lines',
    unit: 'percentunit',
    width: 8,
    min: 0,
    max: 1,
    thresholds,
    queries: [{ expr: top(10, rate('culprit_pressure_stall_seconds_total', matchers)), legend: '{{instance}}' }],
  };
}
