/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Who a task is. */
#ifndef CULPRIT_PROCESS_BPF_H
#define CULPRIT_PROCESS_BPF_H

#include "vmlinux.h"
#include "events.h"
#include "tree.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

static __always_inline bool is_thread(struct task_struct *task)
{
	return task->pid != task->tgid;
}

static __always_inline __u64 started_ns(struct task_struct *task)
{
	return task->group_leader->start_boottime;
}

static __always_inline void identify(struct event_header *header, __u32 kind,
				     struct task_struct *task, __u64 at_ns)
{
	header->kind = kind;
	header->pid = task->tgid;
	header->started_ns = started_ns(task);
	header->at_ns = at_ns;
}

/* Two loads, where a helper would cost a call; every comm of ours is aligned.
 */
static __always_inline void copy_comm(char comm[COMM_BYTES],
				      struct task_struct *task)
{
	const __u64 *from = (const __u64 *)task->comm;
	__u64 *to = (__u64 *)comm;

	to[0] = from[0];
	to[1] = from[1];
}

/*
 * The base name of the executable, without a NUL: its length. 0 for a kernel
 * thread. The file, not argv[0], which a process may choose.
 */
static __always_inline __u32 copy_executable(char exe[EXE_BYTES_MAX],
					     struct mm_struct *mm)
{
	struct file *file = mm->exe_file;
	long length;

	if (!file)
		return 0;
	length = bpf_probe_read_kernel_str(exe, EXE_BYTES_MAX,
					   file->f_path.dentry->d_name.name);
	return length > 0 ? (length - 1) & (EXE_BYTES_MAX - 1) : 0;
}

#endif
