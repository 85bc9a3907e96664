/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What an address space holds. */
#ifndef CULPRIT_MEMORY_BPF_H
#define CULPRIT_MEMORY_BPF_H

#include "compat.bpf.h"

/* Set by user space: 64 KiB on some arm64 kernels. */
extern const volatile __u64 page_bytes;

struct resident {
	__u64 anonymous;
	__u64 file;
	__u64 shared;
	__u64 swap;
};

/* A per-CPU sum that is read while it moves can be below zero. */
static __always_inline __u64 to_bytes(__s64 pages)
{
	return pages > 0 ? pages * page_bytes : 0;
}

static __always_inline void measure(struct resident *resident,
				    struct mm_struct *mm)
{
	resident->anonymous = to_bytes(PAGES_OF(mm, MM_ANONPAGES));
	resident->file = to_bytes(PAGES_OF(mm, MM_FILEPAGES));
	resident->shared = to_bytes(PAGES_OF(mm, MM_SHMEMPAGES));
	resident->swap = to_bytes(PAGES_OF(mm, MM_SWAPENTS));
}

/* The kernel raises hiwater_rss only before the resident set shrinks. */
static __always_inline __u64 peak_bytes(struct mm_struct *mm,
					const struct resident *resident)
{
	__u64 now = resident->anonymous + resident->file + resident->shared;
	__u64 high = to_bytes(mm->hiwater_rss);

	return high > now ? high : now;
}

#endif
