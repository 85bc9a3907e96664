import type { RuleGroup } from '../rule.ts';
import { hostPressure } from './queries.ts';

const SHARE = '{{ $value | humanizePercentage }} of the last five minutes';

/** The whole host under pressure. The thresholds are those of the detector; this works without it, and after it is switched off. */
export const HOST: RuleGroup = {
  subject: 'host',
  source: 'src/generate/alerts/subjects/host.ts',
  rules: [
    {
      alert: 'CulpritHostCpuPressure',
      expr: `${hostPressure('cpu', 'some')} > 0.4`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.instance }} has too few CPUs for what runs on it',
      description: `Some task waited for a CPU in ${SHARE}. Who holds them: culprit blame, or the dashboard.`,
      dashboard: 'culprit-overview',
      runbook: {
        meaning: 'At nearly every other instant at least one task was ready to run and had no CPU (PSI cpu some).',
        impact: 'Latency of everything on the host, worst for what wakes up often and works little.',
        diagnosis:
          '`culprit blame` shows who waits behind whom, `culprit top --sort cpu` who uses them. A quota counts as pressure as well: the cause `throttle` is not the host’s fault.',
        mitigation:
          'Stop, cap or move the largest offender; where nobody takes more than its share, the host is too small.',
      },
    },
    {
      alert: 'CulpritHostMemoryPressure',
      expr: `${hostPressure('memory', 'full')} > 0.05`,
      for: '5m',
      severity: 'critical',
      summary: '{{ $labels.instance }} stands still for want of memory',
      description: `All tasks that could run waited for memory in ${SHARE}.`,
      dashboard: 'culprit-overview',
      runbook: {
        meaning: 'The host spends its time reclaiming memory and reading back what it reclaimed (PSI memory full).',
        impact: 'It is slow as a whole, then kills processes, not always the one that grew.',
        diagnosis:
          '`culprit top --sort memory` and the column GROWTH. Page cache that can be dropped is no pressure; `vmstat 1` with `si`, `so` above 0 is swapping.',
        mitigation:
          'Stop or restart who grew. Then give each workload a limit, so that the next one hurts only itself.',
      },
    },
    {
      alert: 'CulpritHostIoPressure',
      expr: `${hostPressure('io', 'full')} > 0.2`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.instance }} stands still for IO',
      description: `All tasks that could run waited for IO in ${SHARE}.`,
      dashboard: 'culprit-overview',
      runbook: {
        meaning: 'In that share of time every task that was not asleep by its own choice waited for a block device.',
        impact: 'Everything that reads or flushes is slower by that share.',
        diagnosis: '`culprit blame --resource io` says whose requests made whom wait; `iostat -x 1` which device.',
        mitigation:
          'Cap or move who writes. A device that is slow while little is asked of it may be failing: look at its log.',
      },
    },
  ],
};
