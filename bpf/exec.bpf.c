// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "account.bpf.h"
#include "cost.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct exec_record {
	struct exec_event event;
	char text[EXE_BYTES_MAX + ARGV_BYTES_MAX];
};

/* Built here and copied: most are a quarter of the longest. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct exec_record);
} exec_scratch SEC(".maps");

/*
 * The kernel has just written these pages, so they are there. Should they not
 * be, the event has no argv; nothing waits for a page here.
 */
static __always_inline __u32 copy_argv(char *argv, struct mm_struct *mm)
{
	__u64 length = mm->arg_end - mm->arg_start;

	if (length > ARGV_BYTES_MAX)
		length = ARGV_BYTES_MAX;
	if (bpf_probe_read_user(argv, length, (void *)mm->arg_start))
		return 0;
	return length;
}

static __always_inline bool report_exec(struct task_struct *task,
					__u64 cgroup_id)
{
	__u32 first = 0;
	struct exec_record *record = bpf_map_lookup_elem(&exec_scratch, &first);
	struct exec_event *event;
	__u32 exe_length;
	__u32 argv_length;

	if (!record)
		return false;
	event = &record->event;
	identify(&event->header, EVENT_EXEC, task, bpf_ktime_get_ns());
	event->cgroup_id = cgroup_id;
	event->uid = task->cred->uid.val;
	exe_length = copy_executable(record->text, task->mm);
	argv_length = copy_argv(record->text + exe_length, task->mm);
	event->exe_length = exe_length;
	event->argv_length = argv_length;
	copy_comm(event->comm, task);
	return send(EVENT_EXEC, record,
		    sizeof(*event) + exe_length + argv_length);
}

/*
 * Runs once the new image is in place: a failed exec is not one. The name is
 * read here, in the kernel, so that a process of one millisecond has it.
 */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	COUNT_RUN(PROBE_EXEC);
	__u64 cgroup_id = cgroup_of(task);
	struct cgroup_counts *counts = counts_of(cgroup_id);

	if (counts)
		add(counts->seen.execs, 1);
	if (!report_exec(task, cgroup_id) && counts)
		add(counts->lost.execs, 1);
	return 0;
}
