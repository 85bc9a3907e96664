/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Single waits that somebody noticed, told one by one with who held the CPU
 * meanwhile. The second look at the slices costs some microseconds, a few
 * times a second.
 *
 * The ring is written here with a run queue's lock held and interrupts off.
 * That can't lock up: who holds the ring's own lock, or a map's, has interrupts
 * off too, so that no switch comes between on its CPU, and waits for nothing;
 * and nobody is woken, which is what would want a run queue.
 */
#ifndef CULPRIT_LONGWAIT_BPF_H
#define CULPRIT_LONGWAIT_BPF_H

#include "account.bpf.h"
#include "offenders.bpf.h"
#include "ring.bpf.h"
#include "waits.bpf.h"

#define WAIT_SECOND_NS 1000000000ULL
#define RIVALS_MAX     4

const volatile __u64 long_wait_ns = 50000000;
const volatile __u32 long_waits_per_second = 20; /* of a cgroup */

/* Of one task, from when it was queued until now, by the run queue's clock. */
struct long_wait {
	__u64 victim;
	__u64 queued;
	__u64 now;
	__u64 throttled_ns; /* comes first */
	__u64 throttler;
	__u32 cpu;
};

/*
 * A leaky bucket as in storm.bpf.h, that holds what drains in a second. False
 * too when other CPUs poured again and again meanwhile.
 */
static __always_inline bool may_tell(struct cgroup_counts *counts, __u64 now)
{
	__u64 drop_ns = WAIT_SECOND_NS / (long_waits_per_second ?: 1);
	__u64 *empty_at_ns = &counts->long_waits_empty_at_ns;
	int i;

	for (i = 0; i < RIVALS_MAX; i++) {
		__u64 before = *empty_at_ns;
		__u64 after = (before > now ? before : now) + drop_ns;

		if (after > now + WAIT_SECOND_NS)
			return false;
		if (__sync_val_compare_and_swap(empty_at_ns, before, after) ==
		    before)
			return true;
	}
	return false;
}

static __noinline int tell_wait(struct cpu_slices *cpu,
				struct task_struct *task,
				const struct long_wait *wait)
{
	struct cgroup_counts *counts = counts_of(wait->victim);
	struct offenders *found;
	__u32 only = 0;
	struct wait_event *event;
	__u64 at = bpf_ktime_get_ns();

	if (!counts)
		return 0;
	add(counts->long_waits, 1);
	if (!may_tell(counts, at)) {
		add(counts->long_waits_untold, 1);
		return 0;
	}
	found = bpf_map_lookup_elem(&offenders_found, &only);
	if (!found)
		return 0;
	__builtin_memset(found, 0, sizeof(*found));
	add_offender(found, OWNER(OWNER_THROTTLE, wait->throttler), 0,
		     wait->throttled_ns);
	find_offenders(cpu, found, wait->queued + wait->throttled_ns,
		       wait->now);
	choose_offenders(found);

	event = reserve(EVENT_WAIT, sizeof(*event));
	if (!event)
		return 0;
	identify(&event->header, EVENT_WAIT, task, at);
	event->cgroup_id = wait->victim;
	event->tid = task->pid;
	event->cpu = wait->cpu;
	event->waited_ns = wait->now - wait->queued;
	event->rest_ns = found->rest_ns;
	__builtin_memcpy(event->offenders, found->all,
			 sizeof(event->offenders));
	submit(event);
	return 0;
}

/* Of the wait from `queued` to `now`, `throttled` was the quota's doing. */
static __always_inline void tell_if_long(struct cpu_slices *cpu, struct rq *rq,
					 struct task_struct *task, __u64 victim,
					 const struct wait *wait,
					 __u64 throttled, __u64 queued,
					 __u64 now)
{
	struct long_wait told;

	if (likely(now - queued <= long_wait_ns))
		return;
	told.victim = victim;
	told.queued = queued;
	told.now = now;
	told.throttled_ns = throttled;
	told.throttler = wait ? wait->throttler : 0;
	told.cpu = rq->cpu;
	tell_wait(cpu, task, &told);
}

#endif
