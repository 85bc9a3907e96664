/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The part of a wait that was the doing of the task's own quota. */
#ifndef CULPRIT_QUOTA_BPF_H
#define CULPRIT_QUOTA_BPF_H

#include "blame.bpf.h"
#include "throttle.bpf.h"
#include "waits.bpf.h"

/* A task that the quota stops says so as it leaves the CPU. */
static __always_inline void note_throttle(struct task_struct *task, __u64 now)
{
	struct cfs_rq *group = task->se.cfs_rq;
	struct wait *wait;

	if (tasks_tell_throttling(task)) {
		if (!task->throttled)
			return;
	} else if (!group->throttle_count) {
		return;
	}
	wait = wait_of(task);
	if (!wait)
		return;
	/* One more than it is: 0 says that there is none. */
	wait->throttled_ns = throttled_clock(group, now) + 1;
	wait->throttler = throttler_of(task);
}

/* What of the wait was the quota's doing: charged, and told. */
static __always_inline __u64 charge_throttle(struct task_struct *task,
					     struct wait *wait, __u64 victim,
					     __u64 waited, __u64 now)
{
	__u64 clock, throttled;

	if (!wait || !wait->throttled_ns)
		return 0;
	clock = throttled_clock(task->se.cfs_rq, now) + 1;
	throttled = clock > wait->throttled_ns ? clock - wait->throttled_ns : 0;
	if (throttled > waited)
		throttled = waited;
	if (throttled)
		accuse(victim, OWNER(OWNER_THROTTLE, wait->throttler), 0,
		       throttled);
	wait->throttled_ns = 0;
	return throttled;
}

#endif
