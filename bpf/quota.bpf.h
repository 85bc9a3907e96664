/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The part of a wait that was the doing of the task's own quota. */
#ifndef CULPRIT_QUOTA_BPF_H
#define CULPRIT_QUOTA_BPF_H

#include "blame.bpf.h"
#include "throttle.bpf.h"
#include "waits.bpf.h"

/* How often a task was seen stopped: user space looks who still is. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} throttlings SEC(".maps");

static __always_inline void count_throttling(void)
{
	__u32 only = 0;
	__u64 *times = bpf_map_lookup_elem(&throttlings, &only);

	if (times)
		add(*times, 1);
}

static __noinline void note_clock(struct task_struct *task, __u64 now)
{
	struct cfs_rq *group = task->se.cfs_rq;
	struct throttler throttler = {};
	struct wait *wait;

	if (group->throttle_count)
		count_throttling();
	wait = wait_of(task);
	if (!wait)
		return;
	/* One more than it is: 0 says that there is none. */
	wait->throttled_ns = throttled_clock(group, now) + 1;
	if (group->throttle_count)
		find_throttler(task, false, &throttler);
	wait->throttler = throttler.cgroup_id;
}

/*
 * As a task leaves the CPU, stopped by its quota. An older kernel stops tasks
 * that wait as well, and tells none: there each takes note, once its group has
 * been throttled at all.
 */
static __always_inline void note_throttle(struct task_struct *task, __u64 now)
{
	if (tasks_tell_throttling(task)) {
		if (unlikely(task->throttled))
			note_clock(task, now);
	} else if (task->se.cfs_rq->throttle_count ||
		   task->se.cfs_rq->throttled_clock_pelt_time) {
		note_clock(task, now);
	}
}

/*
 * A task of an older kernel that slept since its note: the quota may have run
 * out, and come back, before it woke. Only the last time is known to the
 * moment, so that is what can be charged.
 */
static __always_inline __u64 since_queued(struct task_struct *task,
					  struct wait *wait, __u64 throttled,
					  __u64 queued)
{
	struct throttler throttler;
	__u64 over;

	find_throttler(task, true, &throttler);
	if (!wait->throttler)
		wait->throttler = throttler.cgroup_id;
	over = throttler.began_ns + throttled;
	if (throttler.began_ns >= queued)
		return throttled;
	return over > queued ? over - queued : 0;
}

static __noinline __u64 charge_clock(struct task_struct *task,
				     struct wait *wait, __u64 victim,
				     __u64 queued, __u64 now)
{
	__u64 clock, throttled;

	if (!wait)
		return 0;
	clock = throttled_clock(task->se.cfs_rq, now) + 1;
	throttled = clock > wait->throttled_ns ? clock - wait->throttled_ns : 0;
	wait->throttled_ns = 0;
	if (throttled && !tasks_tell_throttling(task))
		throttled = since_queued(task, wait, throttled, queued);
	if (throttled > now - queued)
		throttled = now - queued;
	if (throttled)
		accuse(victim, OWNER(OWNER_THROTTLE, wait->throttler), 0,
		       throttled);
	return throttled;
}

/* What of a wait from `queued` to `now` was the quota's doing: charged, told.
 */
static __always_inline __u64 charge_throttle(struct task_struct *task,
					     struct wait *wait, __u64 victim,
					     __u64 queued, __u64 now)
{
	if (likely(!wait || !wait->throttled_ns))
		return 0;
	return charge_clock(task, wait, victim, queued, now);
}

#endif
