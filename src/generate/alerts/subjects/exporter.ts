import type { RuleGroup } from '../rule.ts';

/** Is Culprit itself well? An exporter that looks well while it is blind is worse than none. */
export const EXPORTER: RuleGroup = {
  subject: 'exporter',
  source: 'src/generate/alerts/subjects/exporter.ts',
  rules: [
    {
      alert: 'CulpritDown',
      expr: 'up{job="culprit"} == 0',
      for: '30s',
      severity: 'critical',
      summary: 'Culprit on {{ $labels.instance }} does not answer',
      description:
        'Prometheus could not scrape it. Nobody watches that host; what it said before stays true for nobody.',
      dashboard: 'culprit-fleet',
      runbook: {
        meaning: 'The scrape failed: the exporter, its host, or the network between is down.',
        impact:
          'No metric, no incident and no alert of that host. Incidents that were open are marked as lost when it comes back.',
        diagnosis:
          'Does the host answer? Then `systemctl status culprit` and `journalctl -u culprit -n 50`. `culprit check-config` tells faults of the configuration, `culprit doctor` what the host does not allow.',
        mitigation: 'Start it again. If it does not start, `mode: procfs` needs no privilege and no BPF.',
      },
    },
    {
      alert: 'CulpritAbsent',
      expr: 'absent(up{job="culprit"})',
      for: '5m',
      severity: 'critical',
      summary: 'Prometheus knows no Culprit at all',
      description: 'There is no target in the job culprit. These rules take that name from `job_name`.',
      dashboard: 'culprit-fleet',
      runbook: {
        meaning: 'No target is in the scrape job: service discovery finds none, or the job has another name.',
        impact: 'Every other rule of Culprit is silent.',
        diagnosis: 'Look at Status → Targets of Prometheus, and at `job_name` in its configuration.',
        mitigation: 'Name the job `culprit`, or change the name in the rules.',
      },
    },
    {
      alert: 'CulpritBlindProbe',
      // Where it is not told whether a probe is wanted, it is.
      expr: 'culprit_probe_attached == 0 unless culprit_probe_wanted == 0',
      for: '5m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} is blind: {{ $labels.probe }} is not attached',
      description: 'The probe {{ $labels.probe }} could not be attached. `/-/ready` and `culprit doctor` say why.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'A BPF program that should run does not; the others do.',
        impact: 'What that probe tells is missing. Families that need it are absent, never zero.',
        diagnosis: '`curl -s HOST:9464/-/ready` has the reason in words, `culprit doctor` what the kernel lacks.',
        mitigation:
          'Grant CAP_BPF and CAP_PERFMON, or use a kernel with the hook (see bpf/README.md for the oldest of each).',
      },
    },
    {
      alert: 'CulpritDegraded',
      expr: 'culprit_mode{mode="procfs"} == 1',
      for: '15m',
      severity: 'info',
      summary: 'Culprit on {{ $labels.instance }} runs without probes',
      description: 'It reads /proc and sees no short-lived process, no run delay and no blame.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'BPF could not be used, or `mode: procfs` was asked for.',
        impact: 'No forks, execs, exits by group, no blame. What is left is what other exporters see as well.',
        diagnosis: '`curl -s HOST:9464/-/ready` and the first lines of its log say why.',
        mitigation: 'Give it BTF and the capabilities, or silence this alert where that can’t be.',
      },
    },
    {
      alert: 'CulpritLosesEvents',
      expr: 'sum by (job, instance) (rate(culprit_events_lost_total[5m])) > 0',
      for: '10m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} loses events',
      description:
        '{{ $value | humanize }} events a second did not fit. Counts by cgroup stay exact; details of processes do not.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'More happened between two drains than the ring holds, or a record could not be read.',
        impact: 'What was lost is counted for its workload in the group `~unseen`; nobody has its name.',
        diagnosis:
          '`culprit_events_lost_total` by `stage` and `kind`: `ring` is a full ring. `culprit_event_loop_lag_seconds` shows an exporter that came too late.',
        mitigation: 'Raise `kernel.ringBytes`. If it is starved of CPU, give it more weight than those it watches.',
      },
    },
    {
      alert: 'CulpritCoverageLow',
      expr: 'culprit_blame_coverage_ratio < 0.99',
      for: '10m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} misses context switches',
      description: 'It saw {{ $value | humanizePercentage }} of them. Blame shows the rest as unobserved.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'The probe at the scheduler did not run at each switch, or missed some.',
        impact: 'Blame is not wrong but incomplete: what was not seen stands as `unobserved`.',
        diagnosis: 'Another tracer at the same hook, or a probe that was detached and attached again: see its log.',
        mitigation: 'Restart Culprit; if it stays, stop the other tracer.',
      },
    },
    {
      alert: 'CulpritFoldsSeries',
      expr: 'increase(culprit_series_overflow_total[1h]) > 0',
      for: '15m',
      severity: 'info',
      summary: 'Culprit on {{ $labels.instance }} has more groups or workloads than its limits allow',
      description: 'The least active of them are summed up in `~other`. The limit: {{ $labels.limit }}.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning:
          'A limit of `limits.*` was reached, and the least active rows were added to `~other`. No value is lost.',
        impact: 'The names of small groups are missing; sums are true.',
        diagnosis:
          '`culprit_series` by family shows what is many. Names that change with each run make a new group each time.',
        mitigation: 'A rule in `groups:` that names them alike, or a higher limit.',
      },
    },
    {
      alert: 'CulpritSteppedDown',
      expr: 'culprit_governor_level == 0',
      for: '10m',
      severity: 'info',
      summary: 'Culprit on {{ $labels.instance }} gave up optional senses, for they cost too much',
      description: 'It went above `kernel.stepDownPercent` of one CPU. What is required goes on.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'The governor stopped block IO blame and the look at waits in progress, to keep its own cost down.',
        impact: 'No blame for IO, no waits that still go on. CPU blame and processes are not touched.',
        diagnosis: '`culprit_own_cost_ratio`, and `culprit_probe_run_seconds_total` by probe, show what costs.',
        mitigation: 'Nothing, if the host is only busy. Or raise `kernel.stepDownPercent`.',
      },
    },
    {
      alert: 'CulpritExpensive',
      expr: 'avg_over_time(culprit_own_cost_ratio[15m]) > 0.02',
      for: '15m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} costs more than 2 % of a CPU',
      description: 'Probes included, it took {{ $value | humanizePercentage }} of one CPU.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'Its own CPU time and that of its probes in other processes are beyond what it promises.',
        impact: 'A small one; and something on the host forks or switches very much.',
        diagnosis:
          'The dashboard splits it by probe. Many context switches: `vmstat 1`, column `cs`. Many scrapers: `culprit_collector_duration_seconds`.',
        mitigation: 'Raise the intervals in `kernel:`, or find out what switches so much.',
      },
    },
    {
      alert: 'CulpritCollectorFails',
      expr: 'culprit_collector_success == 0',
      for: '15m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} can not read {{ $labels.collector }}',
      description: 'The last readings of {{ $labels.collector }} failed. Its metrics are old or absent.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'A source of the kernel or of the host can’t be read.',
        impact: 'What comes from it is missing; the rest goes on.',
        diagnosis: '`/status` has the last error of each collector; so has the log.',
        mitigation: 'Mostly rights: mounts of `/proc`, `/sys/fs/cgroup` or a socket that a container was not given.',
      },
    },
    {
      alert: 'CulpritReloadFailed',
      expr: 'culprit_config_last_reload_successful == 0',
      for: '1m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} refused its new configuration',
      description: 'It runs with the old one; the file on disk has faults or changes what needs a restart.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'A reload was asked for and refused, whole.',
        impact: 'None now. At its next start it will not come up with that file.',
        diagnosis: '`culprit check-config` lists every fault with its line.',
        mitigation: 'Mend the file and reload again.',
      },
    },
    {
      alert: 'CulpritOtlpFails',
      expr: 'sum by (job, instance, signal) (rate(culprit_otlp_exports_total{outcome="error"}[5m])) > 0\nunless\nsum by (job, instance, signal) (rate(culprit_otlp_exports_total{outcome="ok"}[5m])) > 0',
      for: '5m',
      severity: 'warning',
      summary: 'Culprit on {{ $labels.instance }} can not push {{ $labels.signal }}',
      description: 'No push of {{ $labels.signal }} to the OTLP endpoint arrived in five minutes.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'The collector refuses, or can’t be reached.',
        impact: 'Scraping is not touched. Incidents wait in a bounded queue and are sent when it is back.',
        diagnosis: 'The log has the error. `OTEL_EXPORTER_OTLP_*` in its environment override the file.',
        mitigation: 'Bring the collector back, or mend `otlp.endpoint`, its certificate or its headers.',
      },
    },
    {
      alert: 'CulpritLags',
      expr: 'max_over_time(culprit_event_loop_lag_seconds[5m]) > 1',
      for: '10m',
      severity: 'info',
      summary: 'Culprit on {{ $labels.instance }} was held up for more than a second',
      description: 'Its event loop stood still for {{ $value | humanizeDuration }}.',
      dashboard: 'culprit-itself',
      runbook: {
        meaning: 'The exporter did not get a CPU, or had too much to do at once.',
        impact: 'Incidents are found later, and the ring may overflow.',
        diagnosis: '`culprit blame --victim culprit.service` says who held its CPU.',
        mitigation: 'Give it a higher weight: `CPUWeight=500`. It uses less than a hundredth of a CPU.',
      },
    },
  ],
};
