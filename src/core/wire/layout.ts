/**
 * Where each member of each record in `bpf/events.h`, `bpf/blame.h`, `bpf/io.h` and `bpf/cost.h` lies, in bytes.
 *
 * Written by hand, and compared with the compiler's own type information by test/core/wire/layout.test.ts.
 */
export interface Layout {
  readonly size: number;
  readonly fields: Readonly<Record<string, number>>;
}

export const LAYOUT = {
  event_header: { size: 24, fields: { kind: 0, pid: 4, started_ns: 8, at_ns: 16 } },
  usage: {
    size: 48,
    fields: { runtime_ns: 0, user_ns: 8, system_ns: 16, read_bytes: 24, write_bytes: 32, major_faults: 40 },
  },
  fork_event: {
    size: 64,
    fields: { header: 0, parent_pid: 24, uid: 28, parent_started_ns: 32, cgroup_id: 40, comm: 48 },
  },
  exec_event: {
    size: 56,
    fields: { header: 0, cgroup_id: 24, uid: 32, exe_length: 36, argv_length: 38, comm: 40, text: 56 },
  },
  exit_event: {
    size: 120,
    fields: {
      header: 0,
      cgroup_id: 24,
      status: 32,
      reason: 36,
      lifetime_ns: 40,
      rss_peak_bytes: 48,
      used: 56,
      comm: 104,
    },
  },
  reap_event: { size: 80, fields: { header: 0, cgroup_id: 24, used: 32 } },
  storm_event: { size: 48, fields: { header: 0, cgroup_id: 24, scope: 32, forks: 36, window_ns: 40 } },
  oom_event: {
    size: 96,
    fields: {
      header: 0,
      cgroup_id: 24,
      total_vm_bytes: 32,
      anonymous_bytes: 40,
      file_bytes: 48,
      shared_bytes: 56,
      page_table_bytes: 64,
      oom_score_adj: 72,
      uid: 76,
      comm: 80,
    },
  },
  cgroup_event: {
    size: 40,
    fields: { header: 0, cgroup_id: 24, level: 32, path_length: 36, reserved: 38, path: 40 },
  },
  process_sample: {
    size: 192,
    fields: {
      header: 0,
      parent_pid: 24,
      uid: 28,
      parent_started_ns: 32,
      cgroup_id: 40,
      used: 48,
      leader_runtime_ns: 96,
      anonymous_bytes: 104,
      file_bytes: 112,
      shared_bytes: 120,
      swap_bytes: 128,
      rss_peak_bytes: 136,
      fd_limit: 144,
      fds: 152,
      threads: 156,
      pid_namespace: 160,
      oom_score_adj: 164,
      state: 168,
      flags: 169,
      exe_length: 170,
      reserved: 172,
      comm: 176,
      exe: 192,
    },
  },
  thread_sample: { size: 80, fields: { header: 0, tid: 24, state: 28, reserved: 29, used: 32 } },
  idle_sample: { size: 24, fields: { header: 0 } },
  lifecycle_counts: { size: 48, fields: { forks: 0, execs: 8, exits: 16 } },
  cgroup_counts: {
    size: 272,
    fields: {
      seen: 0,
      threads: 48,
      oom_kills: 56,
      run_delay_ns: 64,
      lifetime_ns: 72,
      lifetimes: 80,
      lost: 152,
      lost_usage: 200,
      long_waits: 248,
      long_waits_untold: 256,
      long_waits_empty_at_ns: 264,
    },
  },
  blame_key: { size: 16, fields: { victim: 0, owner: 8 } },
  blame_process: { size: 16, fields: { pid: 0, credit_us: 4, ns: 8 } },
  blame: { size: 56, fields: { ns: 0, processes: 8 } },
  pending_blame: { size: 32, fields: { victim: 0, owner: 8, ns: 16, pid: 24, most_1024ns: 28 } },
  wait_offender: { size: 24, fields: { owner: 0, ns: 8, pid: 16, most_us: 20 } },
  wait_event: {
    size: 152,
    fields: { header: 0, cgroup_id: 24, tid: 32, cpu: 36, waited_ns: 40, rest_ns: 48, offenders: 56 },
  },
  waiting_sample: {
    size: 64,
    fields: { header: 0, cgroup_id: 24, tid: 32, cpu: 36, waited_ns: 40, owner: 48, owner_pid: 56, reserved: 60 },
  },
  io_mean: { size: 40, fields: { bytes: 0, ns: 8, requests: 16, all_bytes: 24, all_ns: 32 } },
  io_line: { size: 80, fields: { small: 0, large: 40 } },
  io_owner: {
    size: 56,
    fields: { owner: 0, weight: 8, held_ns: 16, since_ns: 24, active_ns: 32, spare_ns: 40, requests: 48, pid: 52 },
  },
  io_device: {
    size: 888,
    fields: {
      lock: 0,
      requests: 4,
      weight: 8,
      at_ns: 16,
      reaped_ns: 24,
      began: 32,
      ended: 40,
      latency_ns: 48,
      missed: 56,
      stale: 64,
      alone_ns: 72,
      joined: 80,
      reads: 88,
      writes: 168,
      flushes: 248,
      latencies: 288,
      owners: 384,
    },
  },
  cpu_stalls: { size: 280, fields: { pending: 0, seen: 256, missed: 264, run_ns: 272 } },
  probe_cost: { size: 16, fields: { runs: 0, run_ns: 8 } },
} as const satisfies Readonly<Record<string, Layout>>;

/** `enum event_kind`. */
export const KIND = {
  fork: 1,
  exec: 2,
  exit: 3,
  reap: 4,
  storm: 5,
  oom: 6,
  cgroupMade: 7,
  cgroupRemoved: 8,
  cgroupEntered: 9,
  longWait: 10,
  processSample: 16,
  threadSample: 17,
  idleSample: 18,
  waiting: 19,
} as const;

export const COMM_BYTES = 16;
/** A path this long was cut by the probe, so it names something else. */
export const PATH_BYTES_MAX = 1024;
