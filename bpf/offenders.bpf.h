/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Who held a CPU during one wait, the few that held it longest by themselves.
 */
#ifndef CULPRIT_OFFENDERS_BPF_H
#define CULPRIT_OFFENDERS_BPF_H

#include "lookback.bpf.h"

/* More than are told, so that whom we meet late is not short of much. */
#define OFFENDERS_FOUND 8

struct offenders {
	struct wait_offender all[OFFENDERS_FOUND];
	__u64 irq_ns;
	__u64 stolen_ns;
	__u64 rest_ns;
};

/*
 * Too much for the stack, of which four calls share 512 bytes. Both hooks run
 * with interrupts off, so that nobody else on the CPU wants it meanwhile.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct offenders);
} offenders_found SEC(".maps");

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
		add_offender(found, owner_before(cpu), 0, to - from);
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

#endif
