/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A wait, laid over the slices of the CPU that it waited for. */
#ifndef CULPRIT_LOOKBACK_BPF_H
#define CULPRIT_LOOKBACK_BPF_H

#include "past.bpf.h"

#define PENDING_NS_MAX 1000000ULL

/*
 * What most waits need, at a third of the cost of the map: short ones of the
 * same pair are summed up before they go there.
 */
static __always_inline void accuse_soon(struct cpu_slices *cpu, __u64 victim,
					__u64 owner, __u32 pid, __u64 ns)
{
	__u64 way = (victim ^ owner ^ owner >> OWNER_KIND_SHIFT) &
		    (PENDING_BLAMES - 1);
	struct pending_blame *pending = &cpu->stalls.pending[way];
	__u32 stay_1024ns = ns >> STAY_SHIFT;

	if (pending->victim != victim || pending->owner != owner) {
		if (pending->ns)
			accuse(pending->victim, pending->owner, pending->pid,
			       pending->ns);
		pending->victim = victim;
		pending->owner = owner;
		pending->ns = 0;
		pending->most_1024ns = 0;
	}
	pending->ns += ns;
	if (stay_1024ns >= pending->most_1024ns) {
		pending->most_1024ns = stay_1024ns;
		pending->pid = pid;
	}
	if (pending->ns < PENDING_NS_MAX)
		return;
	accuse(victim, owner, pending->pid, pending->ns);
	pending->ns = 0;
	pending->most_1024ns = 0;
}

/* Two owners that alternate fill these; a third sends one of them home. */
struct charge {
	__u64 owner;
	__u64 ns;
	__u32 pid;
	__u32 most_1024ns;
};

struct charges {
	__u64 victim;
	__u64 irq_ns;
	__u64 stolen_ns;
	struct charge a, b;
};

static __always_inline void settle_charge(struct charges *charges,
					  struct charge *charge)
{
	if (charge->ns)
		accuse(charges->victim, charge->owner, charge->pid, charge->ns);
	charge->ns = 0;
}

static __always_inline void add_charge(struct charge *charge, __u32 pid,
				       __u64 ns)
{
	__u32 stay_1024ns = ns >> STAY_SHIFT;

	charge->ns += ns;
	if (stay_1024ns >= charge->most_1024ns) {
		charge->most_1024ns = stay_1024ns;
		charge->pid = pid;
	}
}

static __always_inline void charge(struct charges *charges, __u64 owner,
				   __u32 pid, __u64 ns)
{
	struct charge *free;

	if (charges->a.owner == owner) {
		add_charge(&charges->a, pid, ns);
		return;
	}
	if (charges->b.owner != owner) {
		settle_charge(charges, &charges->b);
		/* The older goes first next time. */
		charges->b = charges->a;
		free = &charges->a;
		free->owner = owner;
		free->ns = 0;
		free->pid = pid;
		free->most_1024ns = 0;
		add_charge(free, pid, ns);
		return;
	}
	add_charge(&charges->b, pid, ns);
}

/*
 * Of a slice that is `length` long, and of which `overlap_ns` count: what was
 * taken from its owner. Returns what is left to it.
 */
static __always_inline __u64 divide(const struct slice *slice, __u64 length,
				    __u64 overlap_ns, __u64 *irq_ns,
				    __u64 *stolen_ns)
{
	__u64 irq = share(slice->irq_ns, overlap_ns, length);
	__u64 stolen = share(slice->stolen_ns, overlap_ns, length);
	__u64 rest = overlap_ns;

	if (irq > rest)
		irq = rest;
	rest -= irq;
	if (stolen > rest)
		stolen = rest;
	*irq_ns += irq;
	*stolen_ns += stolen;
	return rest - stolen;
}

/* Global, as `accuse` is: it stands in a loop. */
__noinline int charge_slice(struct charges *charges, const struct slice *slice,
			    __u64 begin_ns, __u64 overlap_ns)
{
	__u64 rest = overlap_ns;

	if (!charges || !slice)
		return 0;
	if (slice->irq_ns | slice->stolen_ns)
		rest = divide(slice, slice->end_ns - begin_ns, overlap_ns,
			      &charges->irq_ns, &charges->stolen_ns);
	charge(charges, slice->owner, slice->pid, rest);
	return 0;
}

static __always_inline void settle_charges(struct charges *charges)
{
	settle_charge(charges, &charges->a);
	settle_charge(charges, &charges->b);
	if (charges->irq_ns)
		accuse(charges->victim, OWNER(OWNER_IRQ, 0), 0,
		       charges->irq_ns);
	if (charges->stolen_ns)
		accuse(charges->victim, OWNER(OWNER_HYPERVISOR, 0), 0,
		       charges->stolen_ns);
}

/*
 * Charges every nanosecond from `from` to `to` to whoever held the CPU then;
 * `to` is not after the end of the last slice.
 */
__noinline int look_back(struct cpu_slices *cpu, struct past *past,
			 __u64 victim, __u64 from, __u64 to)
{
	struct charges charges = {.victim = victim};
	__u32 head, i;

	if (!cpu || !past)
		return 0;
	head = cpu->head;
	for (i = 0; i < SLICES - 1 && i < cpu->length && to > from; i++) {
		struct slice *slice = slice_at(cpu, head - i);
		__u64 begin = slice_at(cpu, head - i - 1)->end_ns;
		__u64 since = begin > from ? begin : from;

		if (since >= to)
			continue;
		charge_slice(&charges, slice, begin, to - since);
		to = since;
	}
	settle_charges(&charges);
	if (to > from) {
		__u64 rest = to - from;

		charge_past(past, victim, from, to);
		if (rest > past->charged_ns)
			accuse(victim, owner_before(cpu), 0,
			       rest - past->charged_ns);
	}
	return 0;
}

#endif
