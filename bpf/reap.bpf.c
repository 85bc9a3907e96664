// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "account.bpf.h"
#include "cost.bpf.h"
#include "delay.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include "usage.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline void add_usage(struct usage *sum,
				      const struct usage *used)
{
	add(sum->runtime_ns, used->runtime_ns);
	add(sum->user_ns, used->user_ns);
	add(sum->system_ns, used->system_ns);
	add(sum->read_bytes, used->read_bytes);
	add(sum->write_bytes, used->write_bytes);
	add(sum->major_faults, used->major_faults);
}

/*
 * What is needed of a released task. It was last used milliseconds ago, mostly
 * on another CPU, so that each of ten cache lines is a miss; read in one go,
 * with no call between them, they are waited for together.
 */
struct remains {
	__u64 started_ns;
	__u64 cgroup_id;
	__u64 run_delay_ns;
	struct usage used;
	__u32 pid;
	bool is_thread;
	bool met_snapshot;
	bool was_before_us;
};

/*
 * Who waits can be quicker than who dies: the leader's figures are summed when
 * it is released, and its way off the CPU, some microseconds, comes after. Of
 * a process with one thread this is all of it; among many it is too little to
 * be seen.
 */
static __always_inline void add_last_steps(struct usage *used,
					   const struct task_struct *leader)
{
	__u64 own_ns = leader->se.sum_exec_runtime;

	if (used->runtime_ns < own_ns)
		used->runtime_ns = own_ns;
}

static __always_inline void look_at(struct remains *remains,
				    struct task_struct *task)
{
	remains->started_ns = task->start_boottime;
	remains->run_delay_ns = task->sched_info.run_delay;
	remains->pid = task->tgid;
	remains->is_thread = is_thread(task);
	remains->met_snapshot = task->bpf_storage;
	remains->was_before_us = !is_younger_than_us(task);
	usage_of_dead_threads(&remains->used, task->signal);
	add_last_steps(&remains->used, task);
	remains->cgroup_id = cgroup_of(task);
}

/* Of the leader: its start is that of the process. */
static __always_inline bool report_reap(const struct remains *remains)
{
	struct reap_event *event = reserve(EVENT_REAP, sizeof(*event));

	if (!event)
		return false;
	event->header.kind = EVENT_REAP;
	event->header.pid = remains->pid;
	event->header.started_ns = remains->started_ns;
	event->header.at_ns = bpf_ktime_get_ns();
	event->cgroup_id = remains->cgroup_id;
	event->used = remains->used;
	submit(event);
	return true;
}

/*
 * Runs for every task an RCU grace period after it was released and left the
 * CPU for good, mostly within 30 ms of wait(2). signal_struct, cgroup and
 * task storage are still there: put_task_struct() comes next. The leader is
 * released last, so what its signal_struct holds is the whole process.
 */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_reap, struct task_struct *task)
{
	COUNT_RUN(PROBE_REAP);
	struct cgroup_counts *counts;
	struct remains remains;
	__u64 delay;

	look_at(&remains, task);
	counts = counts_of(remains.cgroup_id);
	delay = remains.run_delay_ns;
	if (remains.met_snapshot || remains.was_before_us)
		delay = delay_left(task, delay);
	if (counts && delay)
		add(counts->run_delay_ns, delay);
	if (remains.is_thread)
		return 0;

	if (!report_reap(&remains) && counts)
		add_usage(&counts->lost_usage, &remains.used);
	return 0;
}
