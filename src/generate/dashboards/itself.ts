import type { DashboardSpec } from './panel.ts';
import { HOST, rate, sumRate, top } from './queries.ts';

/** What Culprit costs, what it loses, and what it does not see. */
export const ITSELF: DashboardSpec = {
  uid: 'culprit-itself',
  title: 'Culprit: itself',
  description: 'What Culprit costs, what it loses, what it does not see, and how many series it makes.',
  variables: ['instance'],
  rows: [
    {
      title: 'Cost',
      panels: [
        {
          title: 'Of one CPU',
          description:
            'Its own CPU time and that of its probes in other processes. Above 0.8 % it gives up what is optional.',
          view: 'lines',
          unit: 'percentunit',
          width: 8,
          min: 0,
          thresholds: { amber: 0.008, red: 0.015 },
          queries: [{ expr: `culprit_own_cost_ratio{${HOST}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Memory',
          description: 'Resident memory of the exporter.',
          view: 'lines',
          unit: 'bytes',
          width: 8,
          min: 0,
          thresholds: { amber: 120_000_000, red: 200_000_000 },
          queries: [{ expr: `process_resident_memory_bytes{job="culprit",${HOST}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Probes',
          description: 'CPU time of each probe, estimated from one run in 64; the ten dearest.',
          view: 'areas',
          unit: 'percentunit',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, sumRate('probe', 'culprit_probe_run_seconds_total', HOST)), legend: '{{probe}}' }],
        },
      ],
    },
    {
      title: 'Loss and blindness',
      panels: [
        {
          title: 'Events',
          description: 'Events taken in each second, by kind; the ten most frequent.',
          view: 'areas',
          unit: 'cps',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, sumRate('kind', 'culprit_events_total', HOST)), legend: '{{kind}}' }],
        },
        {
          title: 'Events lost',
          description: 'What happened and was not received. Counts by cgroup stay exact.',
          view: 'lines',
          unit: 'cps',
          width: 8,
          min: 0,
          thresholds: { amber: 1, red: 100 },
          queries: [
            {
              expr: sumRate('instance, stage, kind', 'culprit_events_lost_total', HOST),
              legend: '{{instance}} {{stage}} {{kind}}',
            },
          ],
        },
        {
          title: 'Coverage of context switches',
          description: 'Seen, of those that the kernel made.',
          view: 'lines',
          unit: 'percentunit',
          width: 8,
          max: 1,
          queries: [{ expr: `culprit_blame_coverage_ratio{${HOST}}`, legend: '{{instance}}' }],
        },
        {
          title: 'Probes that are attached',
          description: '1 while the probe is attached to its hook. Those that nobody asks for are not.',
          view: 'table',
          unit: 'short',
          width: 12,
          columns: { instance: 'Host', probe: 'Probe', Value: 'Attached' },
          queries: [{ expr: `culprit_probe_attached{${HOST}}`, legend: '{{probe}}' }],
        },
        {
          title: 'Sources that can be read',
          description: '1 when the last reading succeeded.',
          view: 'table',
          unit: 'short',
          width: 12,
          columns: { instance: 'Host', collector: 'Source', Value: 'Readable' },
          queries: [{ expr: `culprit_collector_success{${HOST}}`, legend: '{{collector}}' }],
        },
      ],
    },
    {
      title: 'Limits',
      panels: [
        {
          title: 'Series by family',
          description: 'Samples on a page; the ten largest families.',
          view: 'areas',
          unit: 'short',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, `sum by (family) (culprit_series{${HOST}})`), legend: '{{family}}' }],
        },
        {
          title: 'Rows folded into ~other',
          description: 'Groups and workloads over the limit; their values are kept in ~other.',
          view: 'lines',
          unit: 'short',
          width: 8,
          min: 0,
          queries: [{ expr: `increase(culprit_series_overflow_total{${HOST}}[1h])`, legend: '{{instance}} {{limit}}' }],
        },
        {
          title: 'Kernel maps',
          description: 'Entries in use, of what a map has room for.',
          view: 'lines',
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
          thresholds: { amber: 0.8, red: 0.95 },
          queries: [
            {
              expr: `culprit_map_entries{${HOST}} / culprit_map_capacity{${HOST}}`,
              legend: '{{instance}} {{map}}',
            },
          ],
        },
        {
          title: 'Event loop held up',
          description: 'The longest that the exporter stood still.',
          view: 'lines',
          unit: 's',
          width: 12,
          min: 0,
          thresholds: { amber: 0.2, red: 1 },
          queries: [{ expr: `culprit_event_loop_lag_seconds{${HOST}}`, legend: '{{instance}}' }],
        },
        {
          title: 'OTLP pushes',
          description: 'In each second, by signal and outcome. Nothing where no endpoint is configured.',
          view: 'lines',
          unit: 'cps',
          width: 12,
          min: 0,
          queries: [
            {
              expr: rate('culprit_otlp_exports_total', HOST),
              legend: '{{instance}} {{signal}} {{outcome}}',
            },
          ],
        },
      ],
    },
  ],
};
