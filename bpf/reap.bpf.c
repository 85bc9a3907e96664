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

static __always_inline bool report_reap(struct task_struct *leader,
					__u64 cgroup_id,
					const struct usage *used)
{
	struct reap_event *event = reserve(EVENT_REAP, sizeof(*event));

	if (!event)
		return false;
	identify(&event->header, EVENT_REAP, leader, bpf_ktime_get_ns());
	event->cgroup_id = cgroup_id;
	event->used = *used;
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
	__u64 cgroup_id = cgroup_of(task);
	struct cgroup_counts *counts = counts_of(cgroup_id);
	struct usage used;

	if (counts)
		add(counts->run_delay_ns, delay_left(task));
	if (is_thread(task))
		return 0;

	usage_of_dead_threads(&used, task->signal);
	if (!report_reap(task, cgroup_id, &used) && counts)
		add_usage(&counts->lost_usage, &used);
	return 0;
}
