/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Whom a task works for, as blame counts it. */
#ifndef CULPRIT_OWNER_BPF_H
#define CULPRIT_OWNER_BPF_H

#include "process.bpf.h"
#include "blame.h"

static __always_inline __u64 letters(const char *text)
{
	__u64 word = 0;
	int i;

#pragma unroll
	for (i = 0; i < 8 && text[i]; i++)
		word |= (__u64)text[i] << (56 - 8 * i);
	return word;
}

/* Of at most eight letters, in one comparison. */
#define BEGINS(name, text)                                                     \
	(((name) & ~0ULL >> (72 - 8 * sizeof(text))) ==                        \
	 __builtin_bswap64(letters(text)))

/* By name, which is the only thing that tells kernel threads apart. */
static __noinline __u64 kernel_work_of(struct task_struct *task)
{
	__u64 name = *(const __u64 *)task->comm;

	if (BEGINS(name, "kworker/"))
		return KERNEL_KWORKER;
	if (BEGINS(name, "ksoftirq"))
		return KERNEL_SOFTIRQ;
	if (BEGINS(name, "kswapd") || BEGINS(name, "kcompact"))
		return KERNEL_RECLAIM;
	if (BEGINS(name, "rcu"))
		return KERNEL_RCU;
	if (BEGINS(name, "migratio"))
		return KERNEL_MIGRATION;
	return KERNEL_OTHER;
}

static __always_inline __u64 owner_of(struct task_struct *task)
{
	if (likely(!(task->flags & PF_KTHREAD)))
		return cgroup_of(task);
	if (task->pid == 0)
		return OWNER(OWNER_IDLE, 0);
	return OWNER(OWNER_KERNEL, kernel_work_of(task));
}

#endif
