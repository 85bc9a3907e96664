/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Time that tasks waited for a CPU, summed by cgroup. A task carries its own
 * total; each snapshot adds what is new since the last, and the end of the
 * task adds the rest, so that the sum is exact and never falls. What a task had
 * waited before anybody looked is not counted, else the sum would jump.
 */
#ifndef CULPRIT_DELAY_BPF_H
#define CULPRIT_DELAY_BPF_H

#include "account.bpf.h"

/* The scheduler's clocks of two CPUs may differ; this much they never do. */
#define CLOCK_SLACK_NS 1000000000ULL

/* CLOCK_MONOTONIC, told by user space before the load. */
extern const volatile __u64 loaded_ns;

/* When passes over all tasks began, by the scheduler's clock. */
struct passes {
	__u64 current_ns;
	__u64 complete_ns; /* the last one that reached the end */
	__u64 began_ns;	   /* the running one, CLOCK_MONOTONIC */
};

static __always_inline void begin_pass(struct passes *passes)
{
	struct task_struct *reader = bpf_get_current_task_btf();

	/* When the reader got its CPU: not after now, which is all we need. */
	passes->current_ns = reader->sched_info.last_arrival;
	passes->began_ns = bpf_ktime_get_ns();
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

/* One that is younger than the probes has waited for nothing uncounted. */
static __always_inline bool is_younger_than_us(struct task_struct *task)
{
	return task->start_time >= loaded_ns;
}

/* One that is made here takes all that an older task waited as counted. */
static __always_inline struct task_memory *
task_memory_of(struct task_struct *task, __u64 flags)
{
	struct task_memory fresh = {};

	if (!is_younger_than_us(task))
		fresh.run_delay_ns = task->sched_info.run_delay;
	return bpf_task_storage_get(&task_memories, task, &fresh, flags);
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
	memory = task_memory_of(task, BPF_LOCAL_STORAGE_GET_F_CREATE);
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
	if (memory)
		return uncounted(memory, total);
	return is_younger_than_us(task) ? total : 0;
}

#endif
