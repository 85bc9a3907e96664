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
#include "lookback.bpf.h"
#include "ring.bpf.h"
#include "waits.bpf.h"

#define WAIT_SECOND_NS 1000000000ULL
/* More than are told, so that whom we meet late is not short of much. */
#define OFFENDERS_FOUND 8
#define RIVALS_MAX	4

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

struct offenders {
	struct wait_offender all[OFFENDERS_FOUND];
	__u64 irq_ns;
	__u64 stolen_ns;
	__u64 rest_ns;
};

/* Who comes when there is no place takes that of the smallest. */
__noinline int add_offender(struct offenders *found, __u64 owner, __u32 pid,
			    __u64 ns)
{
	struct wait_offender *least;
	__u32 us = ns / 1000;
	int i;

	if (!found || !ns)
		return 0;
	least = &found->all[0];
	for (i = 0; i < OFFENDERS_FOUND; i++) {
		struct wait_offender *one = &found->all[i];

		if (one->ns && one->owner == owner) {
			one->ns += ns;
			if (us > one->most_us) {
				one->most_us = us;
				one->pid = pid;
			}
			return 0;
		}
		if (one->ns < least->ns)
			least = one;
	}
	found->rest_ns += least->ns;
	least->owner = owner;
	least->ns = ns;
	least->pid = pid;
	least->most_us = us;
	return 0;
}

/*
 * Adds who held the CPU in the slice at `at`, as far as that lies between the
 * two. Returns up to where it is not known yet. Global, and that is what the
 * verifier needs to look at the loop around it once and not at all its ways.
 */
__noinline __u64 find_in_slice(struct cpu_slices *cpu, struct offenders *found,
			       __u32 at, __u64 from, __u64 to)
{
	struct slice *slice;
	__u64 begin, since, rest;

	if (!cpu || !found)
		return from;
	slice = slice_at(cpu, at);
	begin = slice_at(cpu, at - 1)->end_ns;
	since = begin > from ? begin : from;
	if (since >= to)
		return to;
	rest = to - since;
	if (slice->irq_ns | slice->stolen_ns)
		rest = divide(slice, slice->end_ns - begin, rest,
			      &found->irq_ns, &found->stolen_ns);
	add_offender(found, slice->owner, slice->pid, rest);
	return since;
}

/* As `look_back`, but by one wait, and with the slice that is still open. */
__noinline int find_offenders(struct cpu_slices *cpu, struct offenders *found,
			      __u64 from, __u64 to)
{
	__u32 head, i;
	__u64 last;

	if (!cpu || !found || from >= to)
		return 0;
	head = cpu->head;
	last = slice_at(cpu, head)->end_ns;
	if (to > last && cpu->switches) {
		if (last < from)
			last = from;
		add_offender(found, cpu->next_owner, cpu->next_pid, to - last);
		to = last;
	}
	for (i = 0; i < SLICES - 1 && i < cpu->length && to > from; i++)
		to = find_in_slice(cpu, found, head - i, from, to);
	if (to > from)
		add_offender(found,
			     OWNER(cpu->length < SLICES ? OWNER_UNOBSERVED
							: OWNER_TRUNCATED,
				   0),
			     0, to - from);
	add_offender(found, OWNER(OWNER_IRQ, 0), 0, found->irq_ns);
	add_offender(found, OWNER(OWNER_HYPERVISOR, 0), 0, found->stolen_ns);
	return 0;
}

/* The largest come first, and the rest is added up. */
__noinline int choose_offenders(struct offenders *found)
{
	int place, i;

	if (!found)
		return 0;
	for (place = 0; place < WAIT_OFFENDERS; place++) {
		struct wait_offender *most = &found->all[place];
		struct wait_offender before = *most;

		for (i = place + 1; i < OFFENDERS_FOUND; i++)
			if (found->all[i].ns > most->ns)
				most = &found->all[i];
		found->all[place] = *most;
		*most = before;
	}
	for (i = WAIT_OFFENDERS; i < OFFENDERS_FOUND; i++)
		found->rest_ns += found->all[i].ns;
	return 0;
}

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
	struct offenders found = {};
	struct wait_event *event;
	__u64 at = bpf_ktime_get_ns();

	if (!counts)
		return 0;
	add(counts->long_waits, 1);
	if (!may_tell(counts, at)) {
		add(counts->long_waits_untold, 1);
		return 0;
	}
	add_offender(&found, OWNER(OWNER_THROTTLE, wait->throttler), 0,
		     wait->throttled_ns);
	find_offenders(cpu, &found, wait->queued + wait->throttled_ns,
		       wait->now);
	choose_offenders(&found);

	event = reserve(EVENT_WAIT, sizeof(*event));
	if (!event)
		return 0;
	identify(&event->header, EVENT_WAIT, task, at);
	event->cgroup_id = wait->victim;
	event->tid = task->pid;
	event->cpu = wait->cpu;
	event->waited_ns = wait->now - wait->queued;
	event->rest_ns = found.rest_ns;
	__builtin_memcpy(event->offenders, found.all, sizeof(event->offenders));
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

	if (now - queued <= long_wait_ns)
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
