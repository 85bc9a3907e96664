/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the ring of slices forgets, summed up by owner in epochs: a task of the
 * idle class, or one of a hundred, waits for seconds while others take turns
 * thousands of times.
 *
 *      epoch-1            epoch           slices
 *   ──┬──────────────────┬───────────────┬─┬──┬─┬───┬──┐
 *     │ a 12, b 9, kw 3  │ a 14, b 8     │ │  │ │   │  │ now
 *   ──┴──────────────────┴───────────────┴─┴──┴─┴───┴──┘
 *
 * Whole epochs are exact; of the one in which a wait began, each owner is
 * charged in proportion.
 */
#ifndef CULPRIT_PAST_BPF_H
#define CULPRIT_PAST_BPF_H

#include "blame.bpf.h"
#include "slices.bpf.h"

#define EPOCHS	     256 /* powers of two */
#define EPOCH_SLICES 64
#define EPOCH_OWNERS 8

struct held {
	__u64 owner;
	__u64 ns;
};

struct epoch {
	__u64 begin_ns;
	struct held held[EPOCH_OWNERS];
};

struct past {
	__u64 until_ns; /* where the slices go on */
	__u64 charged_ns;
	__u64 epochs;			   /* so far; the last is at this */
	struct held charges[EPOCH_OWNERS]; /* of the wait being looked at */
	struct epoch ring[EPOCHS];
};

/* As `cpus`: user space gives it one entry for each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct past);
} pasts SEC(".maps");

static __always_inline struct past *past_of(struct rq *rq)
{
	__u32 at = rq->cpu;

	return bpf_map_lookup_elem(&pasts, &at);
}

static __always_inline struct epoch *epoch_at(struct past *past, __u32 at)
{
	return &past->ring[at & (EPOCHS - 1)];
}

/* An owner for whom there is no place is not remembered. */
static __always_inline void hold(struct epoch *epoch, __u64 owner, __u64 ns)
{
	__u64 way = (owner ^ owner >> OWNER_KIND_SHIFT) & (EPOCH_OWNERS - 1);
	struct held *held = &epoch->held[way];

	if (held->ns && held->owner != owner)
		held = &epoch->held[way ^ 1];
	if (held->ns && held->owner != owner)
		held = &epoch->held[way ^ 2];
	if (held->ns && held->owner != owner)
		return;
	held->owner = owner;
	held->ns += ns;
}

static __always_inline void
hold_slice(struct epoch *epoch, const struct slice *slice, __u64 begin_ns)
{
	__u64 taken = slice->irq_ns + slice->stolen_ns;
	__u64 ns = slice->end_ns - begin_ns;

	if (taken && taken <= ns) {
		if (slice->irq_ns)
			hold(epoch, OWNER(OWNER_IRQ, 0), slice->irq_ns);
		if (slice->stolen_ns)
			hold(epoch, OWNER(OWNER_HYPERVISOR, 0),
			     slice->stolen_ns);
		ns -= taken;
	}
	if (ns)
		hold(epoch, slice->owner, ns);
}

/*
 * Makes an epoch of the oldest slices: many at once, which takes a fifth off
 * what each switch costs beyond the hook. Global, as `accuse` is.
 */
__noinline int forget_oldest(struct past *past, struct cpu_slices *cpu)
{
	struct epoch *epoch;
	__u64 begin_ns;
	__u32 at, i;

	if (!past || !cpu)
		return 0;
	at = cpu->head - cpu->length;
	begin_ns = slice_at(cpu, at)->end_ns;
	past->epochs += 1;
	epoch = epoch_at(past, past->epochs);
	__builtin_memset(epoch, 0, sizeof(*epoch));
	epoch->begin_ns = begin_ns;
	for (i = 1; i <= EPOCH_SLICES; i++) {
		struct slice *slice = slice_at(cpu, at + i);

		hold_slice(epoch, slice, begin_ns);
		begin_ns = slice->end_ns;
	}
	past->until_ns = begin_ns;
	cpu->length -= EPOCH_SLICES;
	return 0;
}

/* In µs, so that the product stays within 64 bits for hours. */
static __always_inline __u64 share(__u64 ns, __u64 part, __u64 whole)
{
	return whole ? ns / 1000 * part / whole * 1000 : 0;
}

/* Of the same few owners again and again: to the map once for each. */
static __always_inline void charge_held(struct past *past, __u64 victim,
					struct held *held, __u64 owner,
					__u64 ns)
{
	if (held->ns && held->owner != owner) {
		accuse(victim, held->owner, 0, held->ns);
		held->ns = 0;
	}
	held->owner = owner;
	held->ns += ns;
	past->charged_ns += ns;
}

/* Global, as `accuse` is. `overlap_ns` is the last part of the epoch. */
__noinline int charge_epoch(struct past *past, __u64 victim, __u32 at,
			    __u64 length_ns, __u64 overlap_ns)
{
	struct epoch *epoch;
	__u32 way;

	if (!past)
		return 0;
	epoch = epoch_at(past, at);
	for (way = 0; way < EPOCH_OWNERS; way++) {
		struct held *held = &epoch->held[way];
		__u64 ns = held->ns;

		if (overlap_ns != length_ns)
			ns = share(ns, overlap_ns, length_ns);
		if (ns)
			charge_held(past, victim, &past->charges[way],
				    held->owner, ns);
	}
	return 0;
}

/* What was before all slices: how much of it could be charged. */
__noinline int charge_past(struct past *past, __u64 victim, __u64 from,
			   __u64 to)
{
	__u32 i, way;

	if (!past)
		return 0;
	past->charged_ns = 0;
	if (!past->until_ns || to != past->until_ns)
		return 0;
	for (i = 0; i < EPOCHS && i < past->epochs && to > from; i++) {
		__u64 begin = epoch_at(past, past->epochs - i)->begin_ns;
		__u64 since = begin > from ? begin : from;

		if (since >= to)
			continue;
		charge_epoch(past, victim, past->epochs - i, to - begin,
			     to - since);
		to = since;
	}
	for (way = 0; way < EPOCH_OWNERS; way++) {
		struct held *held = &past->charges[way];

		if (held->ns)
			accuse(victim, held->owner, 0, held->ns);
		held->ns = 0;
	}
	return 0;
}

#endif
