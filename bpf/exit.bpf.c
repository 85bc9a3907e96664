// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "account.bpf.h"
#include "compat.bpf.h"
#include "delay.bpf.h"
#include "cost.bpf.h"
#include "memory.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include "usage.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define MILLISECOND_NS 1000000ULL

/*
 * Before 6.16 nothing says which thread is the last, and two that end together
 * both see nobody alive. The first to leave its mark on the leader speaks; a
 * thread that is alone now still looks for the mark of one already unlinked.
 */
static __always_inline bool is_last_to_see(struct task_struct *task)
{
	struct task_memory *memory;
	__u64 create = 0;

	if (task->signal->live.counter)
		return false;
	if (task->signal->nr_threads > 1)
		create = BPF_LOCAL_STORAGE_GET_F_CREATE;
	memory = task_memory_of(task->group_leader, create);
	return !memory ||
	       !__sync_val_compare_and_swap(&memory->exit_sent, 0, 1);
}

/* As wait(2) will report it: wait_task_zombie() in kernel/exit.c. */
static __always_inline __u32 status_of(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	if (signal->flags & SIGNAL_GROUP_EXIT)
		return signal->group_exit_code;
	return task->group_leader->exit_code;
}

static __always_inline __u32 reason_of(struct task_struct *task, __u32 status)
{
	if (task->signal->oom_mm)
		return EXIT_OOM;
	if (status & 0x7f)
		return EXIT_SIGNAL;
	return status ? EXIT_ERROR : EXIT_OK;
}

/*
 * From the address space while it is there (6.16 on). What signal->maxrss keeps
 * includes the one that an exec left: after a vfork, the parent's.
 */
static __always_inline __u64 rss_peak_of(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;
	struct resident resident;

	if (!mm)
		return to_bytes(task->signal->maxrss);
	measure(&resident, mm);
	return peak_bytes(mm, &resident);
}

static __always_inline __u32 lifetime_bucket(__u64 lifetime_ns)
{
	static const __u64 upto_ms[LIFETIME_BUCKETS - 1] = {
		1, 10, 100, 1000, 10000, 60000, 600000, 3600000,
	};
	__u32 bucket = 0;

#pragma unroll
	for (int i = 0; i < LIFETIME_BUCKETS - 1; i++)
		bucket += lifetime_ns > upto_ms[i] * MILLISECOND_NS;
	return bucket;
}

static __always_inline void count_exit(struct cgroup_counts *counts,
				       __u32 reason, __u64 lifetime_ns)
{
	__u32 bucket = lifetime_bucket(lifetime_ns);

	if (reason < EXIT_REASONS)
		add(counts->seen.exits[reason], 1);
	add(counts->lifetime_ns, lifetime_ns);
	if (bucket < LIFETIME_BUCKETS)
		add(counts->lifetimes[bucket], 1);
}

static __always_inline bool report_exit(struct task_struct *task,
					__u64 cgroup_id, __u32 status,
					__u32 reason, __u64 lifetime_ns)
{
	struct exit_event *event = reserve(EVENT_EXIT, sizeof(*event));

	if (!event)
		return false;
	identify(&event->header, EVENT_EXIT, task, bpf_ktime_get_ns());
	event->cgroup_id = cgroup_id;
	event->status = status;
	event->reason = reason;
	event->lifetime_ns = lifetime_ns;
	event->rss_peak_bytes = rss_peak_of(task);
	usage_of_process(&event->used, task);
	copy_comm(event->comm, task);
	submit(event);
	return true;
}

/* Runs for every thread; a process ends when its last one does. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	COUNT_RUN(PROBE_EXIT);
	struct cgroup_counts *counts;
	__u64 cgroup_id;
	__u64 lifetime_ns;
	__u32 status;
	__u32 reason;

	/* The argument is read only where it exists: else no load at all. */
	if (exit_tells_group_dead ? !ctx[1] : !is_last_to_see(task))
		return 0;

	cgroup_id = cgroup_of(task);
	status = status_of(task);
	reason = reason_of(task, status);
	lifetime_ns = bpf_ktime_get_boot_ns() - started_ns(task);

	counts = counts_of(cgroup_id);
	if (counts)
		count_exit(counts, reason, lifetime_ns);
	if (!report_exit(task, cgroup_id, status, reason, lifetime_ns) &&
	    counts && reason < EXIT_REASONS)
		add(counts->lost.exits[reason], 1);
	return 0;
}
