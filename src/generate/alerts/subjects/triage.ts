import type { RuleGroup } from '../rule.ts';
import { cpuPressureBy, workloadPressure } from './queries.ts';

const SHARE = '{{ $value | humanizePercentage }} of the last five minutes';

/**
 * A workload under pressure, and why: a neighbour, its own quota, its own threads, the hypervisor, the kernel, memory, or IO.
 * Pressure alone (PSI) can't tell these apart, and each wants another remedy.
 */
export const TRIAGE: RuleGroup = {
  subject: 'triage',
  source: 'src/generate/alerts/subjects/triage.ts',
  rules: [
    {
      alert: 'CulpritCpuContention',
      expr: cpuPressureBy('neighbour'),
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} waits for a CPU that its neighbours hold',
      description: `Some task of {{ $labels.workload }} waited for a CPU in ${SHARE}, most of it behind other workloads. Who: culprit blame --victim {{ $labels.workload }}.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning:
          'Tasks of the workload were ready to run and waited, and more than half of that time another workload held the CPU that they waited for. It is measured, not inferred from usage.',
        impact: 'Everything in the workload is slower by about that share, the 99th percentile of latency by more.',
        diagnosis:
          '`culprit blame --victim NAME` names the neighbours, with their heaviest processes. `EXCESS` is what a neighbour used beyond its fair share: 0 % means that the host is simply full.\n\nWith excess, look at what the neighbour does: `culprit top --sort cpu`. Without, compare the sum of all requests with the size of the host.',
        mitigation:
          'Give the victim more weight (`CPUWeight=`, a higher CPU request), or cap the neighbour (`CPUQuota=`, a CPU limit). Where nobody takes more than its share, move something to another host.',
      },
    },
    {
      alert: 'CulpritCpuOwnQuota',
      expr: cpuPressureBy('throttle'),
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} waits for its own CPU quota',
      description: `Some task of {{ $labels.workload }} waited for a CPU in ${SHARE}, most of it because its own quota was used up. No neighbour is to blame.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning:
          'The workload, or a cgroup above it, used up its CPU quota (`cpu.max`) and was held back until the next period. The kernel counts that as pressure although CPUs may be idle.',
        impact: 'Requests that come late in a period wait for its end: latency rises in steps of up to 100 ms.',
        diagnosis:
          '`cat /sys/fs/cgroup/PATH/cpu.max /sys/fs/cgroup/PATH/cpu.stat`: `max 100000` is no quota; `nr_throttled` over `nr_periods` is the share of periods that ended early. Look at the parents as well.\n\nMany threads use up a quota in a few milliseconds of a period: compare the number of runnable threads with the quota in CPUs.',
        mitigation:
          'Raise or remove the limit; or make the workload use fewer threads than its quota has CPUs (GOMAXPROCS, a thread pool, `-XX:ActiveProcessorCount`).',
      },
    },
    {
      alert: 'CulpritCpuOwnThreads',
      expr: cpuPressureBy('self'),
      for: '15m',
      severity: 'info',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} waits for its own threads',
      description: `Some task of {{ $labels.workload }} waited for a CPU in ${SHARE}, most of it behind tasks of the same workload.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning: 'The workload has more runnable threads than it gets CPUs. They wait for each other.',
        impact: 'Work queues up inside the workload; others need not be affected.',
        diagnosis:
          '`culprit blame --victim NAME` shows the cause `self`. `culprit top --workload NAME` lists its processes by CPU: one that was not there a week ago, or more of the same?',
        mitigation:
          'Scale it out, make it need less, or lower its number of threads: it can’t run more than it has CPUs.',
      },
    },
    {
      alert: 'CulpritHypervisorSteal',
      expr: cpuPressureBy('hypervisor'),
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} waits while the hypervisor runs other machines',
      description: `Some task of {{ $labels.workload }} waited for a CPU in ${SHARE}, most of it while the hypervisor had taken that CPU away.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning: 'The virtual CPU itself was not running: its hypervisor gave the real one to another virtual machine.',
        impact: 'Everything on this host is slower, whatever its limits are. Nothing on this host can change it.',
        diagnosis: '`vmstat 1` shows it as `st`. Burstable instance types show it when their credits are used up.',
        mitigation: 'Move the machine, choose a type with dedicated CPUs, or ask who else runs there.',
      },
    },
    {
      alert: 'CulpritKernelWork',
      expr: cpuPressureBy('kernel|irq'),
      for: '15m',
      severity: 'info',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} waits for the kernel',
      description: `Some task of {{ $labels.workload }} waited for a CPU in ${SHARE}, most of it behind kernel threads and interrupts.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning:
          'Kernel threads (`kworker`, `ksoftirqd`, `kswapd`) or interrupts held the CPU that the workload waited for.',
        impact: 'Those who share the CPU with that work are slower. Often it is one CPU only.',
        diagnosis:
          '`culprit blame --victim NAME` names the kernel threads. `watch -d cat /proc/interrupts` and `/proc/softirqs` show which device and which CPU; `kswapd` means that memory is short.',
        mitigation:
          'Spread interrupts over the CPUs (`irqbalance`, RPS); find who causes the work: packets, writeback, reclaim.',
      },
    },
    {
      alert: 'CulpritMemoryStall',
      expr: `${workloadPressure('memory', 'full')} > 0.05`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} stands still for want of memory',
      description: `All tasks of {{ $labels.workload }} waited for memory at once in ${SHARE}: it reclaims, or reads back what it had to give up.`,
      dashboard: 'culprit-overview',
      runbook: {
        meaning:
          'Nothing in the workload could run, because each of its tasks reclaimed memory or waited for a page that had been reclaimed (PSI memory full).',
        impact: 'It does nothing at all in that share of time; an OOM kill often comes next.',
        diagnosis:
          'Its own limit or the host’s memory? Compare `memory.current` with `memory.max` of it and its parents, and look at `MemAvailable` in `/proc/meminfo`. `culprit blame --victim NAME` splits memory stalls into `self` (its own limit) and others.',
        mitigation:
          'Raise the limit that is reached, or find out who grew: `culprit top --sort memory`, and the memory-leak incidents.',
      },
    },
    {
      alert: 'CulpritIoStall',
      expr: `${workloadPressure('io', 'full')} > 0.2`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.workload }} on {{ $labels.instance }} stands still for IO',
      description: `All tasks of {{ $labels.workload }} waited for IO at once in ${SHARE}.`,
      dashboard: 'culprit-blame',
      runbook: {
        meaning: 'Nothing in the workload could run, because each of its tasks waited for a disk (PSI io full).',
        impact: 'It does nothing at all in that share of time.',
        diagnosis:
          '`culprit blame --resource io --victim NAME` says whose requests it waited behind; IO blame is on while the host waits for IO. `iostat -x 1` shows the device: a high `%util` with small requests is another thing than large ones.',
        mitigation:
          'Cap the neighbour (`IOReadBandwidthMax=`, `io.max`), move its data to another device, or make it write less often.',
      },
    },
  ],
};
