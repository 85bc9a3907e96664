import { type RuleGroup, WHO } from '../rule.ts';

const FAILED =
  'sum by (job, instance, group, workload, workload_kind, k8s_namespace_name) (rate(culprit_process_exits_total{reason!="ok"}[10m]))';
const ENDED =
  'sum by (job, instance, group, workload, workload_kind, k8s_namespace_name) (rate(culprit_process_exits_total[10m]))';

/** What groups of processes do, from raw metrics. */
export const PROCESSES: RuleGroup = {
  subject: 'processes',
  source: 'src/generate/alerts/subjects/processes.ts',
  rules: [
    {
      alert: 'CulpritFdsRunOut',
      expr: 'culprit_process_fd_limit_ratio > 0.8',
      for: '5m',
      severity: 'warning',
      summary: `open files run out: ${WHO}`,
      description: 'One of its processes has {{ $value | humanizePercentage }} of the files open that it may.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning: 'A process of the group is near its soft limit of open files, sockets and pipes (`RLIMIT_NOFILE`).',
        impact: 'At the limit `open`, `accept` and `socket` fail with EMFILE; servers then often spin.',
        diagnosis:
          "`ls -l /proc/PID/fd | awk '{print $NF}' | sed 's/[0-9]*$//' | sort | uniq -c | sort -n`: many of one kind is a leak. `cat /proc/PID/limits` has the limit.",
        mitigation: 'Restart it to win time; close what leaks, or raise `LimitNOFILE=` if all of it is needed.',
      },
    },
    {
      alert: 'CulpritZombieProcesses',
      expr: 'culprit_processes{state="zombie"} > 20',
      for: '10m',
      severity: 'warning',
      summary: `children that nobody waits for: ${WHO}`,
      description: '{{ $value | humanize }} processes ended, and their parent did not wait for them.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning:
          'A zombie is a process that ended and whose parent did not ask how (`wait`). It holds a pid and nothing else.',
        impact: 'None, until pids run out; it is a sign that the parent is stuck or wrong.',
        diagnosis:
          "`ps -eo ppid,stat,comm | awk '$2 ~ /^Z/ {print $1}' | sort | uniq -c | sort -n` has the parents; the zombies incident names them.",
        mitigation:
          'Mend or restart the parent: its zombies go to init, which waits. Containers want an init (`--init`).',
      },
    },
    {
      alert: 'CulpritUninterruptible',
      expr: 'culprit_processes{state="uninterruptible"} >= 8',
      for: '5m',
      severity: 'warning',
      summary: `stuck in the kernel: ${WHO}`,
      description: '{{ $value | humanize }} of its processes wait in the kernel and can’t be interrupted.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning:
          'State D: waiting for something that the kernel promised to finish, mostly a disk or a network file system. Not every D is IO.',
        impact:
          'Signals wait as well, in most cases: even `kill -9` works only when the wait is over. Load averages count them.',
        diagnosis:
          '`cat /proc/PID/wchan; cat /proc/PID/stack` says where. Many in the same place have the same cause: `nfs_`, `blk_`, `jbd2_`.',
        mitigation:
          'Bring back what they wait for: the server, the path, the device. A lazy unmount frees those that wait killably.',
      },
    },
    {
      alert: 'CulpritChurn',
      expr: `${ENDED} > 30`,
      for: '15m',
      severity: 'info',
      summary: `many short processes: ${WHO}`,
      description: '{{ $value | humanize }} of its processes end in each second.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning:
          'Work is done by starting programs again and again. Starting one costs about a millisecond of CPU, often more than its work.',
        impact: 'CPU that monitoring by sampling does not show, and a busy process table.',
        diagnosis: '`culprit stream --kinds exec --workload NAME` shows what is started, `culprit tree PID` by whom.',
        mitigation:
          'Use one process for many items (`xargs -n 100`, a loop in the program), or raise the interval of what polls.',
      },
    },
    {
      alert: 'CulpritProcessesFail',
      expr: `${FAILED} > 0.1\nand\n${FAILED} / ${ENDED} > 0.5`,
      for: '10m',
      severity: 'warning',
      summary: `most of its processes fail: ${WHO}`,
      description: '{{ $value | humanize }} processes fail in each second, more than half of those that end.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning:
          'More than half of the processes of this group that end do so with an error, by a signal, or by the OOM killer.',
        impact: 'What they should do is not done; whoever starts them goes on trying.',
        diagnosis:
          '`culprit stream --kinds exit --workload NAME` shows exit codes and signals: 127 is a program that is not there, 137 is signal 9, 139 is signal 11.',
        mitigation: 'Mend what fails; give the loop around it a back-off (`RestartSec=`, `StartLimitBurst=`).',
      },
    },
    {
      alert: 'CulpritForkRate',
      expr: 'rate(culprit_process_forks_total[5m]) > 200',
      for: '5m',
      severity: 'warning',
      summary: `many forks: ${WHO}`,
      description: 'It starts {{ $value | humanize }} processes in each second.',
      dashboard: 'culprit-processes',
      runbook: {
        meaning: 'A group of processes started more than 200 children a second, for ten minutes.',
        impact: 'Fork, exec and exit take locks that all processes share; pids and memory may run out.',
        diagnosis: '`culprit top --sort forks` and `culprit tree PID` show who it is and whom it comes from.',
        mitigation: 'Stop the parent, not the children. Then cap its unit with `TasksMax=`.',
      },
    },
  ],
};
