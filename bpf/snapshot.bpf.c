// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Every task of the host, read by user space through an iterator: a sample for
 * each process, and one for each thread that is not the leader, with what that
 * thread has used by itself. One pass at a time.
 */
#include "delay.bpf.h"
#include "descriptors.bpf.h"
#include "memory.bpf.h"
#include "process.bpf.h"
#include "told.bpf.h"
#include "usage.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define SAMPLE_ALIGN 8

struct passes passes;

/*
 * Bits, not values: 0x2001 is a common sleep. A frozen task is stopped by
 * somebody's hand; /proc calls it D, though it waits for no device.
 */
static __always_inline __u8 state_of(struct task_struct *task)
{
	__u32 state = task->__state;

	if (task->exit_state & (EXIT_ZOMBIE | EXIT_DEAD))
		return STATE_ZOMBIE;
	if (state & (TASK_STOPPED | TASK_TRACED | TASK_FROZEN))
		return STATE_STOPPED;
	if (state & TASK_UNINTERRUPTIBLE)
		return state & TASK_NOLOAD ? STATE_IDLE : STATE_UNINTERRUPTIBLE;
	if (state & TASK_RTLOCK_WAIT)
		return STATE_UNINTERRUPTIBLE;
	if (state & TASK_PARKED)
		return STATE_IDLE;
	return state & TASK_INTERRUPTIBLE ? STATE_SLEEPING : STATE_RUNNING;
}

/*
 * The inode number of the namespace it lives in, which is the last of the
 * numbers that its pid has. Not nsproxy's: that is of its future children.
 */
static __always_inline __u32 pid_namespace_of(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;
	struct pid_namespace *ns = NULL;
	__u64 at;

	if (!pid)
		return 0;
	if (pid->level == 0)
		return pid->numbers[0].ns->ns.inum;

	/* As a number: 6.1 refuses to add what it can't bound to a pointer. */
	at = (__u64)BPF_CORE_READ(task, thread_pid);
	at += bpf_core_field_offset(struct pid, numbers) +
	      pid->level * bpf_core_type_size(struct upid) +
	      bpf_core_field_offset(struct upid, ns);
	bpf_probe_read_kernel(&ns, sizeof(ns), (void *)at);
	return BPF_CORE_READ(ns, ns.inum);
}

static __always_inline void sample_memory(struct process_sample *sample,
					  struct mm_struct *mm)
{
	struct resident resident;

	measure(&resident, mm);
	sample->anonymous_bytes = resident.anonymous;
	sample->file_bytes = resident.file;
	sample->shared_bytes = resident.shared;
	sample->swap_bytes = resident.swap;
	sample->rss_peak_bytes = peak_bytes(mm, &resident);
}

static __always_inline void sample_identity(struct process_sample *sample,
					    struct task_struct *leader)
{
	struct task_struct *parent = leader->real_parent;

	identify(&sample->header, SAMPLE_PROCESS, leader, bpf_ktime_get_ns());
	sample->parent_pid = parent->tgid;
	sample->parent_started_ns = started_ns(parent);
	sample->uid = leader->cred->uid.val;
	sample->cgroup_id = cgroup_of(leader);
	sample->pid_namespace = pid_namespace_of(leader);
	copy_comm(sample->comm, leader);
}

static __always_inline void sample_process(struct process_sample *sample,
					   struct task_struct *leader,
					   __u8 state)
{
	struct signal_struct *signal = leader->signal;

	sample_identity(sample, leader);
	usage_of_dead_threads(&sample->used, signal);
	add_thread(&sample->used, leader);
	sample->leader_runtime_ns = leader->se.sum_exec_runtime;
	sample->fd_limit = signal->rlim[RLIMIT_NOFILE].rlim_cur;
	sample->threads = signal->nr_threads;
	sample->oom_score_adj = signal->oom_score_adj;
	sample->state = state;
	sample->fds = count_fds(leader, &sample->flags);
	if (leader->flags & PF_KTHREAD)
		sample->flags |= SAMPLE_KTHREAD;
	else if (leader->mm)
		sample_memory(sample, leader->mm);
}

static __always_inline void write_idle(struct seq_file *seq,
				       struct task_struct *leader)
{
	struct idle_sample sample;

	sample.header.kind = SAMPLE_IDLE;
	sample.header.pid = leader->pid;
	sample.header.started_ns = leader->start_boottime;
	sample.header.at_ns = passes.began_ns;
	bpf_seq_write(seq, &sample, sizeof(sample));
}

/* False when the record did not fit: the kernel shows the task once more. */
static __always_inline bool write_process(struct seq_file *seq,
					  struct task_struct *leader,
					  __u8 state, bool names)
{
	struct {
		struct process_sample sample;
		char exe[EXE_BYTES_MAX];
	} record = {};
	struct mm_struct *mm = leader->mm;
	__u32 size = sizeof(record.sample);

	sample_process(&record.sample, leader, state);
	if (names && mm && !(leader->flags & PF_KTHREAD)) {
		__u32 length = copy_executable(record.exe, mm);

		record.sample.exe_length = length;
		size += (length + SAMPLE_ALIGN - 1) & ~(SAMPLE_ALIGN - 1);
	}
	return bpf_seq_write(seq, &record, size) == 0;
}

/* A task on the CPU is never as told, and who got none waited for none. */
static __always_inline void
visit_process(struct seq_file *seq, struct task_struct *leader, bool whole)
{
	__u32 now_s = passes.began_ns / NS_PER_S;
	__u8 state = state_of(leader);
	__u64 fingerprint = fingerprint_of(leader, state);
	struct told *told = told_of(leader);

	if (told && !whole && is_as_told(told, leader, fingerprint, now_s)) {
		write_idle(seq, leader);
		return;
	}
	count_delay_so_far(&passes, leader);
	if (write_process(seq, leader, state, whole) && told)
		remember(told, leader, fingerprint, now_s);
}

static __always_inline void visit_thread(struct seq_file *seq,
					 struct task_struct *task)
{
	struct thread_sample sample = {};

	count_delay_so_far(&passes, task);
	identify(&sample.header, SAMPLE_THREAD, task, bpf_ktime_get_ns());
	sample.tid = task->pid;
	sample.state = state_of(task);
	usage_of_thread(&sample.used, task);
	bpf_seq_write(seq, &sample, sizeof(sample));
}

static __always_inline void visit(struct bpf_iter__task *ctx, bool whole)
{
	struct task_struct *task = ctx->task;

	if (!task) {
		end_pass(&passes);
		return;
	}
	if (ctx->meta->seq_num == 0)
		begin_pass(&passes);
	if (is_thread(task))
		visit_thread(ctx->meta->seq, task);
	else
		visit_process(ctx->meta->seq, task, whole);
}

/* Of those that are as the last pass told, only that they are there. */
SEC("iter/task")
int snapshot(struct bpf_iter__task *ctx)
{
	visit(ctx, false);
	return 0;
}

/* Everything of everyone, with the names of executables. */
SEC("iter/task")
int snapshot_names(struct bpf_iter__task *ctx)
{
	visit(ctx, true);
	return 0;
}
