/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The matrix: for each victim and each owner that held a CPU it waited for,
 * how long. Sums only; what is not in a map is not lost but in OWNER_OTHER.
 */
#ifndef CULPRIT_BLAME_BPF_H
#define CULPRIT_BLAME_BPF_H

#include "sums.bpf.h"

/* User space may choose; it evicts the smallest before the map is full. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 6144);
	__type(key, struct blame_key);
	__type(value, struct blame);
} blames SEC(".maps");

/* Global, so that the verifier reads it once and not at every call. */
__noinline int accuse(__u64 victim, __u64 owner, __u32 pid, __u64 ns)
{
	accuse_in(&blames, victim, owner, pid, ns);
	return 0;
}

#endif
