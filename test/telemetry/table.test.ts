import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prometheusName } from '../../src/telemetry/name.ts';
import { TABLE } from '../../src/telemetry/table.ts';

/** The names that dashboards, rules and people use: a change here breaks theirs. */
const NAMES = `
culprit_process_forks_total culprit_process_execs_total culprit_process_exits_total culprit_process_lifetime_seconds
culprit_thread_starts_total culprit_process_cpu_time_seconds_total culprit_process_memory_bytes
culprit_process_memory_growth_bytes_per_second culprit_process_memory_max_bytes culprit_process_open_fds
culprit_process_fd_limit_ratio culprit_processes culprit_threads culprit_process_io_bytes_total
culprit_process_major_faults_total culprit_pressure_stall_seconds_total culprit_workload_pressure_stall_seconds_total
culprit_workload_info culprit_workload_unnamed culprit_workload_lookups_refused_total culprit_workload_source_success
culprit_workload_source_names_total culprit_workload_source_requests_total culprit_workload_run_delay_seconds_total culprit_workload_long_waits_total culprit_workload_long_waits_untold_total
culprit_workload_longest_wait_seconds culprit_workload_cpu_throttled_seconds_total culprit_workload_cpu_periods_total
culprit_workload_cpu_throttled_periods_total culprit_workload_cpu_usage_seconds_total culprit_workload_cpu_quota
culprit_workload_memory_usage_bytes culprit_workload_memory_anonymous_bytes culprit_workload_memory_limit_bytes
culprit_workload_memory_high_bytes culprit_workload_memory_events_total culprit_workload_oom_kills_total
culprit_workload_pids culprit_workload_pids_limit culprit_workload_io_bytes_total
culprit_host_tasks culprit_host_tasks_limit culprit_host_open_files culprit_host_open_files_limit
culprit_host_memory_bytes culprit_host_memory_available_bytes culprit_host_swap_free_bytes
culprit_blame_stall_seconds_total culprit_blame_coverage_ratio culprit_blame_missed_total
culprit_incidents_total culprit_incident_active culprit_incident_peak_ratio culprit_incident_changes_failed_total
culprit_incidents_resumed_total culprit_incidents_lost_total culprit_store_up culprit_store_incidents culprit_store_writes_total
culprit_store_failures_total culprit_store_dropped_total culprit_store_pruned_total culprit_store_damaged_total culprit_store_busy_seconds_total
culprit_host_task_starts_total culprit_build_info culprit_mode culprit_events_total culprit_events_lost_total
culprit_probe_attached culprit_probe_wanted culprit_probe_runs_total culprit_probe_run_seconds_total culprit_map_entries culprit_map_capacity culprit_map_memory_bytes
culprit_own_cost_ratio culprit_governor_level culprit_governor_steps_total
culprit_collector_success culprit_collector_duration_seconds culprit_series culprit_series_overflow_total
culprit_config_last_reload_successful culprit_config_last_reload_success_timestamp_seconds culprit_event_loop_lag_seconds
culprit_stream_clients culprit_stream_clients_refused_total culprit_stream_events_total culprit_stream_events_lost_total
culprit_recording_active culprit_recording_size_bytes culprit_recording_events_total
culprit_otlp_exports_total culprit_outbox_depth culprit_outbox_sent_total culprit_outbox_retries_total culprit_outbox_dropped_total
process_cpu_seconds_total process_resident_memory_bytes process_virtual_memory_bytes
process_open_fds process_max_fds process_start_time_seconds`;

const names = TABLE.map(({ name, unit, kind }) => prometheusName(name, unit, kind));

describe('the metric table', () => {
  it('has the families that are promised, by name, and each once', () => {
    assert.deepEqual(names.toSorted(), NAMES.trim().split(/\s+/).toSorted());
  });

  it('says in a sentence what each one is', () => {
    assert.deepEqual(
      TABLE.filter(({ help }) => !/^[A-Z1].*[^.]\.$/.test(help)).map(({ name }) => name),
      [],
    );
  });

  it('has no label that could name a single process', () => {
    const labels = TABLE.flatMap(({ attributes }) => attributes);

    assert.deepEqual(
      labels.filter((label) => /pid|argv|path|comm/.test(label)),
      [],
    );
  });

  it('reads each column once', () => {
    const columns = TABLE.flatMap((family) => {
      if (family.sheet === 'self') return [];
      const own =
        family.kind === 'histogram' ? [...family.buckets, family.sum] : family.cells.map(({ column }) => column);
      return own.map((column) => `${family.sheet} ${column}`);
    });

    assert.equal(new Set(columns).size, columns.length);
  });
});
