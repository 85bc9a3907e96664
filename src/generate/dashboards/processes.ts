import type { DashboardSpec } from './panel.ts';
import { OF_WORKLOAD, rate, sumRate, top } from './queries.ts';

const GROUP = '{{group}} of {{workload}}';
const BY_GROUP = 'group, workload';

/** What processes do, those too that no scrape ever saw. */
export const PROCESSES: DashboardSpec = {
  uid: 'culprit-processes',
  title: 'Culprit: processes',
  description: 'Forks, execs, exits and lifetimes by group; states, memory and its growth, open files.',
  variables: ['instance', 'namespace', 'workload'],
  rows: [
    {
      title: 'Coming and going',
      panels: [
        {
          title: 'Forks',
          description: 'Processes started in each second, by the group of the parent; the ten busiest.',
          view: 'lines',
          unit: 'cps',
          width: 8,
          min: 0,
          thresholds: { amber: 50, red: 200 },
          queries: [{ expr: top(10, sumRate(BY_GROUP, 'culprit_process_forks_total', OF_WORKLOAD)), legend: GROUP }],
        },
        {
          title: 'Execs',
          description: 'Programs started in each second, by the group that the process became; the ten busiest.',
          view: 'lines',
          unit: 'cps',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, sumRate(BY_GROUP, 'culprit_process_execs_total', OF_WORKLOAD)), legend: GROUP }],
        },
        {
          title: 'Exits that were not well',
          description: 'Processes that ended with an error, by a signal, or by the OOM killer, in each second.',
          view: 'lines',
          unit: 'cps',
          width: 8,
          min: 0,
          queries: [
            {
              expr: top(
                10,
                sumRate('group, workload, reason', 'culprit_process_exits_total', `${OF_WORKLOAD},reason!="ok"`),
              ),
              legend: '{{group}} of {{workload}}: {{reason}}',
            },
          ],
        },
        {
          title: 'How long processes live',
          description: 'Median and 95th percentile of the lifetimes of the processes that ended.',
          view: 'lines',
          unit: 's',
          width: 12,
          min: 0,
          queries: [0.5, 0.95].map((quantile) => ({
            expr: `histogram_quantile(${quantile}, ${sumRate('workload, le', 'culprit_process_lifetime_seconds_bucket', OF_WORKLOAD)})`,
            legend: `{{workload}} p${quantile * 100}`,
          })),
        },
        {
          title: 'Churn',
          description:
            'Processes that ended in each second having lived less than a second: work done by starting programs.',
          view: 'lines',
          unit: 'cps',
          width: 12,
          min: 0,
          thresholds: { amber: 10, red: 30 },
          queries: [
            {
              expr: top(
                10,
                sumRate(
                  'instance, workload',
                  'culprit_process_lifetime_seconds_bucket',
                  `${OF_WORKLOAD},le=~"1(\\\\.0)?"`,
                ),
              ),
              legend: '{{workload}} on {{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Being',
      panels: [
        {
          title: 'Processes by state',
          description: 'Live processes. Uninterruptible ones wait in the kernel; zombies wait for their parent.',
          view: 'areas',
          unit: 'short',
          width: 8,
          min: 0,
          queries: [{ expr: `sum by (state) (culprit_processes{${OF_WORKLOAD}})`, legend: '{{state}}' }],
        },
        {
          title: 'Threads',
          description: 'Live threads, by group; the ten with the most.',
          view: 'lines',
          unit: 'short',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, `sum by (${BY_GROUP}) (culprit_threads{${OF_WORKLOAD}})`), legend: GROUP }],
        },
        {
          title: 'CPU',
          description: 'CPUs in use, by group, short-lived processes included; the ten largest.',
          view: 'areas',
          unit: 'short',
          width: 8,
          min: 0,
          queries: [
            { expr: top(10, sumRate(BY_GROUP, 'culprit_process_cpu_time_seconds_total', OF_WORKLOAD)), legend: GROUP },
          ],
        },
      ],
    },
    {
      title: 'Holding',
      panels: [
        {
          title: 'Memory growth',
          description: 'Of the member of each group that grows fastest, over about a minute. What stays up is a leak.',
          view: 'lines',
          unit: 'Bps',
          width: 8,
          thresholds: { amber: 1_000_000, red: 10_000_000 },
          queries: [{ expr: top(10, `culprit_process_memory_growth_bytes_per_second{${OF_WORKLOAD}}`), legend: GROUP }],
        },
        {
          title: 'Largest members',
          description: 'Resident memory of the largest process of each group.',
          view: 'lines',
          unit: 'bytes',
          width: 8,
          min: 0,
          queries: [{ expr: top(10, `culprit_process_memory_max_bytes{${OF_WORKLOAD}}`), legend: GROUP }],
        },
        {
          title: 'Open files, of what is allowed',
          description: 'Of the member nearest to its soft limit. At 100 % it can open nothing more.',
          view: 'lines',
          unit: 'percentunit',
          width: 8,
          min: 0,
          max: 1,
          thresholds: { amber: 0.6, red: 0.8 },
          queries: [{ expr: top(10, `culprit_process_fd_limit_ratio{${OF_WORKLOAD}}`), legend: GROUP }],
        },
        {
          title: 'Storage IO',
          description: 'Bytes to and from storage in each second, page cache not counted; the ten busiest.',
          view: 'lines',
          unit: 'Bps',
          width: 12,
          min: 0,
          queries: [
            {
              expr: top(10, sumRate('group, workload, direction', 'culprit_process_io_bytes_total', OF_WORKLOAD)),
              legend: '{{group}} of {{workload}} {{direction}}',
            },
          ],
        },
        {
          title: 'Major faults',
          description:
            'Page faults that had to wait for storage, in each second. Much of it while memory is short is thrashing.',
          view: 'lines',
          unit: 'cps',
          width: 12,
          min: 0,
          queries: [{ expr: top(10, rate('culprit_process_major_faults_total', OF_WORKLOAD)), legend: GROUP }],
        },
      ],
    },
  ],
};
