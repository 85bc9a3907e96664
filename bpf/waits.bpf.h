/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What is remembered of each task that waits: how much run delay had been
 * accounted for when it last got a CPU, and where its quota's clock stood when
 * it lost one.
 *
 * A table, not task storage: that allocates, and a scheduler that holds its
 * lock is no place for it. Each task has two places where it may be, by pid;
 * a third that wants one of them takes the one that was left alone longest.
 */
#ifndef CULPRIT_WAITS_BPF_H
#define CULPRIT_WAITS_BPF_H

#include "process.bpf.h"

#define WAIT_SETS 8192 /* a power of two */
#define WAIT_WAYS 2

struct wait {
	__u64 task;	    /* who it is; 0 for no one */
	__u64 delay_ns;	    /* run_delay when it last came off a run queue */
	__u64 throttled_ns; /* its quota's clock when it was throttled, or 0 */
	__u64 throttler;    /* the cgroup that has the quota */
	__u64 touched_ns;
};

struct wait_set {
	struct wait ways[WAIT_WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, WAIT_SETS);
	__type(key, __u32);
	__type(value, struct wait_set);
} waits SEC(".maps");

/*
 * A stack is another's after its end, with another start. The pid would be no
 * better: a thread that execs takes its leader's, and its start (de_thread() in
 * fs/exec.c), and brings along a run delay that is not the leader's.
 */
static __always_inline __u64 wait_tag(struct task_struct *task)
{
	return task->start_boottime ^ (__u64)task->stack;
}

/* NULL when nothing is remembered. */
static __always_inline struct wait *wait_of(struct task_struct *task)
{
	__u32 at = task->pid & (WAIT_SETS - 1);
	struct wait_set *set = bpf_map_lookup_elem(&waits, &at);
	__u64 tag = wait_tag(task);

	if (!set)
		return NULL;
	if (set->ways[0].task == tag)
		return &set->ways[0];
	if (set->ways[1].task == tag)
		return &set->ways[1];
	return NULL;
}

/* NULL never, but the verifier wants to hear it. */
static __always_inline struct wait *begin_wait(struct task_struct *task,
					       __u64 now)
{
	__u32 at = task->pid & (WAIT_SETS - 1);
	struct wait_set *set = bpf_map_lookup_elem(&waits, &at);
	struct wait *wait;

	if (!set)
		return NULL;
	wait = set->ways[0].touched_ns <= set->ways[1].touched_ns
		       ? &set->ways[0]
		       : &set->ways[1];
	wait->task = wait_tag(task);
	wait->delay_ns = 0;
	wait->throttled_ns = 0;
	wait->throttler = 0;
	wait->touched_ns = now;
	return wait;
}

#endif
