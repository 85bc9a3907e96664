// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "account.bpf.h"
#include "cost.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include "storm.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline bool report_fork(struct task_struct *child,
					struct task_struct *parent,
					__u64 cgroup_id, __u64 now)
{
	struct fork_event *event = reserve(EVENT_FORK, sizeof(*event));

	if (!event)
		return false;
	identify(&event->header, EVENT_FORK, child, now);
	event->parent_pid = parent->tgid;
	event->uid = child->cred->uid.val;
	event->parent_started_ns = started_ns(parent);
	event->cgroup_id = cgroup_id;
	copy_comm(event->comm, child);
	submit(event);
	return true;
}

/*
 * Runs in the parent when the child is whole and has not yet run: its start
 * time and cgroup are final, CLONE_INTO_CGROUP included. The parent is the
 * child's, not the caller: CLONE_PARENT makes a sibling.
 */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *caller, struct task_struct *child)
{
	COUNT_RUN(PROBE_FORK);
	__u64 cgroup_id = cgroup_of(child);
	struct cgroup_counts *counts = counts_of(cgroup_id);
	struct task_struct *parent;
	__u64 now;

	if (is_thread(child)) {
		if (counts)
			add(counts->threads, 1);
		return 0;
	}
	if (counts)
		add(counts->seen.forks, 1);

	parent = child->real_parent;
	now = bpf_ktime_get_ns();
	if (!report_fork(child, parent, cgroup_id, now) && counts)
		add(counts->lost.forks, 1);
	watch_for_storm(parent, cgroup_id, now);
	return 0;
}
