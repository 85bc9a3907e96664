import type { RuleGroup } from '../rule.ts';
import { hostPressure } from './queries.ts';

const THROTTLED =
  'rate(culprit_workload_cpu_throttled_periods_total[5m]) / rate(culprit_workload_cpu_periods_total[5m])';
const OFFENCE = 'sum by (job, instance, offender) (rate(culprit_blame_stall_seconds_total{cause="neighbour"}[5m]))';

/** Blame, throttling and memory by workload, from raw metrics: these work without detectors. */
export const WORKLOADS: RuleGroup = {
  subject: 'workloads',
  source: 'src/generate/alerts/subjects/workloads.ts',
  rules: [
    {
      alert: 'CulpritOffender',
      expr: `${OFFENCE} > 0.5`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.offender }} on {{ $labels.instance }} makes its neighbours wait',
      description:
        'Tasks of other workloads waited {{ $value | humanizeDuration }} in each second behind {{ $labels.offender }}. Whom it hurts: culprit blame --offender {{ $labels.offender }}.',
      dashboard: 'culprit-blame',
      runbook: {
        meaning:
          'Summed over all its victims, others waited half a second and more in each second behind this workload.',
        impact: 'Its neighbours are slower; it may not even notice.',
        diagnosis:
          '`culprit blame --offender NAME` lists the victims and `EXCESS`, what it used beyond its fair share. A workload with no excess is only busy: then the host is full.',
        mitigation: 'Cap it (`CPUQuota=`, a CPU limit), lower its weight (`CPUWeight=`), or move it.',
      },
    },
    {
      alert: 'CulpritLongWaits',
      expr: 'rate(culprit_workload_long_waits_total[5m]) > 1',
      for: '10m',
      severity: 'info',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} often waits more than 50 ms for a CPU',
      description: 'Single waits for a CPU of more than 50 ms happen {{ $value | humanize }} times a second.',
      dashboard: 'culprit-blame',
      runbook: {
        meaning: 'Not the sum but single waits are long: a task was ready to run and had no CPU for more than 50 ms.',
        impact: 'These are the spikes in the 99th percentile that averages hide.',
        diagnosis: '`culprit stream --kinds long-wait` shows each as it happens, with who held the CPU.',
        mitigation: 'Look for tasks of a real-time class, for a quota, and for many threads pinned to one CPU.',
      },
    },
    {
      alert: 'CulpritThrottled',
      expr: `${THROTTLED} > 0.25`,
      for: '15m',
      severity: 'info',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} is held back by its CPU quota',
      description: '{{ $value | humanizePercentage }} of the periods of its CPU quota ended with nothing left.',
      dashboard: 'culprit-blame',
      runbook: {
        meaning:
          'In more than a quarter of its periods the workload used up its quota and was stopped until the next one.',
        impact: 'Latency in steps of up to a period, mostly 100 ms.',
        diagnosis:
          '`cpu.stat` of its cgroup and of those above it: `nr_throttled`, `throttled_usec`; the quota is in `cpu.max`.',
        mitigation: 'Raise the limit, or lower the number of its threads.',
      },
    },
    {
      alert: 'CulpritThrottledHostIdle',
      expr: `${THROTTLED} > 0.25\nand on (job, instance)\n${hostPressure('cpu', 'some')} < 0.1`,
      for: '15m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} is held back while CPUs have nothing to do',
      description:
        '{{ $value | humanizePercentage }} of the periods of its CPU quota ended with nothing left, and hardly anybody on the host waited for a CPU.',
      dashboard: 'culprit-blame',
      runbook: {
        meaning: 'The quota slows the workload down and protects nobody: the host had CPU to give.',
        impact: 'Its requests take longer than need be, and nobody gains by it.',
        diagnosis:
          'Compare the quota in `cpu.max` with the CPU that it wants when it has none: the sum of its usage and what it was throttled.',
        mitigation:
          'Raise or remove the limit, and rely on weights (`CPUWeight=`, CPU requests) to protect the others.',
      },
    },
    {
      alert: 'CulpritOomKills',
      expr: 'increase(culprit_workload_oom_kills_total[10m]) > 0',
      severity: 'warning',
      summary: 'a process of {{ $labels.workload }} on {{ $labels.instance }} was killed for want of memory',
      description:
        'Processes of {{ $labels.workload }} that the kernel killed in ten minutes: {{ $value | printf "%.0f" }}.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning:
          'A memory limit or the host’s memory was used up, and the kernel killed who had the highest score: memory, swap and page tables as a share of what there is, plus `oom_score_adj`.',
        impact: 'The work of that process is lost. A supervisor starts it again, and it grows again.',
        diagnosis:
          '`culprit incidents --detector oom-kill` names the victim and who was largest. `journalctl -k | grep -A40 oom` has the kernel’s own table; `constraint=CONSTRAINT_MEMCG` means a limit, not the host.',
        mitigation:
          'Give it more memory or make it need less. `memory.high` below `memory.max` slows it before it is killed.',
      },
    },
  ],
};
