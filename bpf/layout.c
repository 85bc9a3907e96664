// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Never loaded. BTF holds only types that something uses, and ring records are
 * used by nothing but a cast: one of each here lets a test compare the wire
 * with what user space reads.
 */
#include "vmlinux.h"
#include "events.h"
#include "blame.h"
#include "cost.h"
#include "io.h"

struct event_header event_header;
struct usage usage;
struct fork_event fork_event;
struct exec_event exec_event;
struct exit_event exit_event;
struct reap_event reap_event;
struct storm_event storm_event;
struct oom_event oom_event;
struct cgroup_event cgroup_event;
struct process_sample process_sample;
struct thread_sample thread_sample;
struct idle_sample idle_sample;
struct cgroup_counts cgroup_counts;
struct event_count event_count;
struct blame_key blame_key;
struct blame blame;
struct cpu_stalls cpu_stalls;
struct wait_event wait_event;
struct waiting_sample waiting_sample;
struct probe_cost probe_cost;
struct io_device io_device;
