/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a process has used. A thread adds its figures to signal_struct when it
 * is unlinked (__exit_signal in kernel/exit.c), so at any moment
 *
 *     process = signal (its dead threads) + Σ threads still linked
 */
#ifndef CULPRIT_USAGE_BPF_H
#define CULPRIT_USAGE_BPF_H

#include "vmlinux.h"
#include "events.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* A dying process has few threads still linked; the reap has them all. */
#define LINKED_THREADS_MAX 32

static __always_inline void
usage_of_dead_threads(struct usage *used, const struct signal_struct *signal)
{
	used->runtime_ns = signal->sum_sched_runtime;
	used->user_ns = signal->utime;
	used->system_ns = signal->stime;
	used->read_bytes = signal->ioac.read_bytes;
	used->write_bytes = signal->ioac.write_bytes;
	used->major_faults = signal->maj_flt;
}

static __always_inline void usage_of_thread(struct usage *used,
					    const struct task_struct *task)
{
	used->runtime_ns = task->se.sum_exec_runtime;
	used->user_ns = task->utime;
	used->system_ns = task->stime;
	used->read_bytes = task->ioac.read_bytes;
	used->write_bytes = task->ioac.write_bytes;
	used->major_faults = task->maj_flt;
}

static __always_inline void add_thread(struct usage *used,
				       const struct task_struct *task)
{
	used->runtime_ns += task->se.sum_exec_runtime;
	used->user_ns += task->utime;
	used->system_ns += task->stime;
	used->read_bytes += task->ioac.read_bytes;
	used->write_bytes += task->ioac.write_bytes;
	used->major_faults += task->maj_flt;
}

/* The same by address: what a list leads to is no pointer to the verifier. */
static __always_inline void add_linked_thread(struct usage *used,
					      struct task_struct *task)
{
	used->runtime_ns += BPF_CORE_READ(task, se.sum_exec_runtime);
	used->user_ns += BPF_CORE_READ(task, utime);
	used->system_ns += BPF_CORE_READ(task, stime);
	used->read_bytes += BPF_CORE_READ(task, ioac.read_bytes);
	used->write_bytes += BPF_CORE_READ(task, ioac.write_bytes);
	used->major_faults += BPF_CORE_READ(task, maj_flt);
}

static __always_inline void add_linked_threads(struct usage *used,
					       struct signal_struct *signal)
{
	__u64 offset = bpf_core_field_offset(struct task_struct, thread_node);
	__u64 end = (__u64)&signal->thread_head;
	__u64 node = (__u64)BPF_CORE_READ(signal, thread_head.next);

	for (int i = 0; i < LINKED_THREADS_MAX; i++) {
		struct task_struct *task = (void *)(node - offset);

		if (!node || node == end)
			break;
		add_linked_thread(used, task);
		node = (__u64)BPF_CORE_READ(task, thread_node.next);
	}
}

/*
 * For a task that is exiting. Its own runtime is as of the scheduler's last
 * look, a tick ago at most.
 */
static __always_inline void usage_of_process(struct usage *used,
					     struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	usage_of_dead_threads(used, signal);
	if (signal->nr_threads > 1)
		add_linked_threads(used, signal);
	else
		add_thread(used, task);
}

#endif
