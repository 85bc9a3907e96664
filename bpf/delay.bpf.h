/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Time that tasks waited for a CPU, summed by cgroup. A task carries its own
 * total; each snapshot adds what is new since the last, and the end of the
 * task adds the rest, so that the sum is exact and never falls.
 */
#ifndef CULPRIT_DELAY_BPF_H
#define CULPRIT_DELAY_BPF_H

#include "account.bpf.h"

/* The scheduler's clocks of two CPUs may differ; this much they never do. */
#define CLOCK_SLACK_NS 1000000000ULL

/* When passes over all tasks began, by the scheduler's clock. */
struct passes {
	__u64 current_ns;
	__u64 complete_ns; /* the last one that reached the end */
};

static __always_inline void begin_pass(struct passes *passes)
{
	struct task_struct *reader = bpf_get_current_task_btf();

	/* When the reader got its CPU: not after now, which is all we need. */
	passes->current_ns = reader->sched_info.last_arrival;
}

static __always_inline void end_pass(struct passes *passes)
{
	passes->complete_ns = passes->current_ns;
}

/*
 * A task that got no CPU since the last pass has waited for none either, or
 * still waits. This spares most tasks of a host the look at their storage.
 */
static __always_inline bool has_run_since(const struct passes *passes,
					  struct task_struct *task)
{
	return task->sched_info.last_arrival + CLOCK_SLACK_NS >=
	       passes->complete_ns;
}

/* Nothing is counted twice: of two that meet, one exchange succeeds. */
static __always_inline __u64 uncounted(struct task_memory *memory, __u64 total)
{
	__u64 counted = memory->run_delay_ns;

	if (total <= counted)
		return 0;
	if (__sync_val_compare_and_swap(&memory->run_delay_ns, counted,
					total) != counted)
		return 0;
	return total - counted;
}

/*
 * A released task is left to the reap. That comes an RCU grace period after
 * the release, so never while a program that saw it unreleased still runs.
 */
static __always_inline void count_delay_so_far(const struct passes *passes,
					       struct task_struct *task)
{
	struct task_memory *memory;
	struct cgroup_counts *counts;
	__u64 delay;

	if (!has_run_since(passes, task) || task->exit_state & EXIT_DEAD)
		return;
	memory = bpf_task_storage_get(&task_memories, task, NULL,
				      BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!memory)
		return;
	delay = uncounted(memory, task->sched_info.run_delay);
	if (!delay)
		return;
	counts = counts_of(cgroup_of(task));
	if (counts)
		add(counts->run_delay_ns, delay);
}

/* What no snapshot has counted of `total`. Only for a task that has storage. */
static __always_inline __u64 delay_left(struct task_struct *task, __u64 total)
{
	struct task_memory *memory;

	memory = bpf_task_storage_get(&task_memories, task, NULL, 0);
	return memory ? uncounted(memory, total) : total;
}

#endif
