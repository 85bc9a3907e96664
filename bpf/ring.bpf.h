/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The way to user space. A probe that loses an event in silence makes every
 * number derived from it a lie, so nothing else writes to the ring.
 *
 * Nobody is woken: a timer drains. A wakeup costs the forking process more
 * than the record does.
 */
#ifndef CULPRIT_RING_BPF_H
#define CULPRIT_RING_BPF_H

#include "maps.bpf.h"

/*
 * No atomics: the array is per CPU, each kind has one program that writes it,
 * and the kernel never runs a program inside itself.
 */
static __always_inline void tally(__u32 kind, bool lost)
{
	struct event_count *count = bpf_map_lookup_elem(&event_counts, &kind);

	if (!count)
		return;
	count->produced += 1;
	if (lost)
		count->lost += 1;
}

/* NULL when the ring is full: counted. The memory is not zeroed. */
static __always_inline void *reserve(__u32 kind, __u64 size)
{
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	tally(kind, !record);
	return record;
}

static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

/* For records of variable length: a copy is cheaper than room never used. */
static __always_inline bool send(__u32 kind, void *record, __u64 size)
{
	bool lost = bpf_ringbuf_output(&events, record, size, BPF_RB_NO_WAKEUP);

	tally(kind, lost);
	return !lost;
}

#endif
