/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Counts per cgroup, made before the record is, so that they are exact even
 * when the ring is full. They only grow.
 */
#ifndef CULPRIT_ACCOUNT_BPF_H
#define CULPRIT_ACCOUNT_BPF_H

#include "maps.bpf.h"
#include "process.bpf.h"

#define add(where, amount) __sync_fetch_and_add(&(where), (amount))

static const struct cgroup_counts nothing_yet;

/* NULL only when user space did not put key 0, for those that don't fit. */
static __always_inline struct cgroup_counts *counts_of(__u64 cgroup_id)
{
	struct cgroup_counts *counts;
	__u64 overflow = 0;

	counts = bpf_map_lookup_elem(&cgroups, &cgroup_id);
	if (counts)
		return counts;
	bpf_map_update_elem(&cgroups, &cgroup_id, &nothing_yet, BPF_NOEXIST);
	counts = bpf_map_lookup_elem(&cgroups, &cgroup_id);
	if (counts)
		return counts;
	return bpf_map_lookup_elem(&cgroups, &overflow);
}

#endif
