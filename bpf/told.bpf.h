/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Which processes still are as their last sample told, so that a header is
 * enough. Most of a host sleeps from one snapshot to the next.
 *
 * Whoever got any CPU shows it in sum_exec_runtime. The scheduler adds to it
 * with each tick and when the task leaves the CPU, so it says:
 *
 *   runtime read    off the CPU: it is final, and the sample holds until the
 *        |                       task runs again, which makes it larger
 *        |  sample  on the CPU:  what the task does meanwhile may or may not
 *        v  v-----v              be in the sample; when it leaves the CPU,
 *     ---+--+-----+-----> time   the runtime will be larger than was read
 *
 * Either way an equal runtime at a later look means that nothing was done but
 * what the sample told. It is read before all else for that reason. No clock
 * is compared: sched_info.last_arrival is old for who has run without a pause.
 *
 * The state is compared as well: the freezer writes it while the task sleeps.
 * With more than one thread it is never as told, for others may run or end
 * while the leader sleeps.
 *
 * What others do to a process that sleeps is told late, by 30 to 62 seconds:
 * memory that is reclaimed, limits and oom_score_adj set from outside, files
 * of a table or memory that it shares.
 */
#ifndef CULPRIT_TOLD_BPF_H
#define CULPRIT_TOLD_BPF_H

#include "maps.bpf.h"
#include <bpf/bpf_helpers.h>

#define TOLD_AGAIN_S 30
/* A power of two. Added by pid, so that each pass tells a few of them again. */
#define TOLD_SPREAD_S 32
#define STATE_BITS    3 /* leaves 73 years of runtime */
#define NS_PER_S      1000000000ULL

/*
 * Around a lone thread both neighbours are the head of the list. nr_threads
 * says it too, but in signal_struct, which is not in the cache.
 */
static __always_inline bool is_alone(struct task_struct *leader)
{
	return leader->thread_node.next == leader->thread_node.prev;
}

/* Of what changes with a process; 0 for one that is never as told. */
static __always_inline __u64 fingerprint_of(struct task_struct *leader,
					    __u8 state)
{
	__u64 runtime_ns = leader->se.sum_exec_runtime;
	bool alone = is_alone(leader);

	barrier(); /* before all that is sampled */
	if (state == STATE_RUNNING || !alone)
		return 0;
	return runtime_ns << STATE_BITS | state;
}

static __always_inline struct told *told_of(struct task_struct *leader)
{
	__u32 index = leader->pid & (TOLD_ENTRIES - 1);

	return bpf_map_lookup_elem(&told_by_pid, &index);
}

static __always_inline bool is_as_told(const struct told *told,
				       struct task_struct *leader,
				       __u64 fingerprint, __u32 now_s)
{
	return fingerprint && told->fingerprint == fingerprint &&
	       told->pid == (__u32)leader->pid &&
	       told->started_ns == leader->start_boottime &&
	       (__s32)(told->due_s - now_s) > 0;
}

static __always_inline void remember(struct told *told,
				     struct task_struct *leader,
				     __u64 fingerprint, __u32 now_s)
{
	told->started_ns = leader->start_boottime;
	told->fingerprint = fingerprint;
	told->pid = leader->pid;
	told->due_s =
		now_s + TOLD_AGAIN_S + (leader->pid & (TOLD_SPREAD_S - 1));
}

#endif
