/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Charges the latency of a request, all of it, once it is over.
 *
 * What it would have taken alone is its owner's: that much nobody else made it
 * wait. On a device that does one thing at a time the owners' clocks say the
 * same; one that works on several at once would have its neighbours accused of
 * time in which they harmed nobody. The rest is theirs, as the clocks divide
 * it.
 */
#ifndef CULPRIT_SETTLE_BPF_H
#define CULPRIT_SETTLE_BPF_H

#include "device.bpf.h"
#include "sums.bpf.h"

/* As `blames`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, struct blame_key);
	__type(value, struct blame);
} io_blames SEC(".maps");

struct io_charge {
	__u64 owner;
	__u64 ns; /* what its clock moved */
	__u64 since_ns;
	__u32 pid;
};

struct io_charges {
	__u64 victim;
	__u64 began_ns;
	__u64 latency;
	__u64 alone_ns; /* what it would have taken; 0 if unknown */
	__u64 own;	/* whose place in `by` is its own owner's */
	struct io_charge by[IO_OWNERS];
};

/* Global, as `accuse` is. */
__noinline int accuse_io(__u64 victim, __u64 owner, __u32 pid, __u64 ns)
{
	accuse_in(&io_blames, victim, owner, pid, ns);
	return 0;
}

/* The last place is of several owners: what is charged there is not its own. */
static __always_inline bool is_own(const struct io_charges *charges, __u32 i)
{
	return i == charges->own && i != IO_OTHERS;
}

static __always_inline __u64 held_by_others(const struct io_charges *charges)
{
	__u64 held = 0;

	for (__u32 i = 0; i < IO_OWNERS; i++)
		if (!is_own(charges, i))
			held += charges->by[i].ns;
	return held;
}

/* Global, as `accuse` is: it has a loop. */
__noinline int settle_request(struct io_charges *charges)
{
	__u64 held, budget, rest, part;
	__u32 shift, own, i;

	if (!charges)
		return 0;
	rest = charges->latency;
	budget = rest > charges->alone_ns ? rest - charges->alone_ns : 0;
	held = held_by_others(charges);
	shift = held < DEAR_NS ? 0 : 16;
	for (i = 0; i < IO_OWNERS && held; i++) {
		struct io_charge *charge = &charges->by[i];

		if (is_own(charges, i) || !charge->ns)
			continue;
		part = charge->ns;
		if (held > budget)
			part = (part >> shift) * budget / (held >> shift);
		if (!part)
			continue;
		rest -= part;
		if (charge->since_ns <= charges->began_ns)
			accuse_io(charges->victim, charge->owner, charge->pid,
				  part);
		else
			accuse_io(charges->victim, OWNER(OWNER_OTHER, 0), 0,
				  part);
	}
	own = charges->own;
	if (!rest)
		return 0;
	if (own < IO_OTHERS)
		accuse_io(charges->victim, charges->by[own].owner,
			  charges->by[own].pid, rest);
	else
		accuse_io(charges->victim, charges->victim, 0, rest);
	return 0;
}

#endif
