/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What differs between the kernels that we run on, each with the commit that
 * made the difference. Struct differences settle themselves at load time;
 * tracepoint prototypes can't, so user space reads them from the kernel's BTF.
 */
#ifndef CULPRIT_COMPAT_BPF_H
#define CULPRIT_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

/*
 * 6.16, "exit: move and extend sched_process_exit() tracepoint": it runs before
 * exit_mm(), and its second argument says whether the last thread is going.
 * User space sets this when btf_trace_sched_process_exit has that argument.
 */
extern const volatile bool exit_tells_group_dead;

/*
 * 6.9 (and stable trees), "mm: update mark_victim tracepoints fields": it
 * passes the victim, and before that only a pid. See oom.bpf.c.
 */

/*
 * 6.2, "mm: convert mm's rss stats into percpu_counter". The shared count lags
 * what the CPUs hold by at most batch (max(32, 2 × CPUs)) pages for each CPU.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)
struct mm_rss_stat {
	atomic_long_t count[4];
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat rss_stat;
};
#pragma clang attribute pop

/*
 * By address in the old layout: its verifier can't walk an array of atomics.
 * Asked by the field, not by the type: for a type that vmlinux lacks, libbpf
 * 1.1 goes through all modules, and fails without CAP_SYS_ADMIN.
 */
#define PAGES_OF(mm, member)                                                   \
	(bpf_core_field_exists(                                                \
		 ((struct mm_struct___before_6_2 *)0)->rss_stat.count)         \
		 ? BPF_CORE_READ((struct mm_struct___before_6_2 *)(mm),        \
				 rss_stat.count[member].counter)               \
		 : (mm)->rss_stat[member].count)

#endif
