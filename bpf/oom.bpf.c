// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Two programs for one tracepoint, whose argument differs between kernels (see
 * compat.bpf.h). User space loads the one that fits.
 */
#include "account.bpf.h"
#include "cost.bpf.h"
#include "memory.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline void measure_victim(struct oom_event *event,
					   struct mm_struct *mm)
{
	struct resident resident = {};

	event->total_vm_bytes = 0;
	event->page_table_bytes = 0;
	if (mm) {
		measure(&resident, mm);
		event->total_vm_bytes = to_bytes(mm->total_vm);
		event->page_table_bytes = mm->pgtables_bytes.counter;
	}
	event->anonymous_bytes = resident.anonymous;
	event->file_bytes = resident.file;
	event->shared_bytes = resident.shared;
}

static __always_inline void describe_victim(struct oom_event *event,
					    struct task_struct *victim)
{
	identify(&event->header, EVENT_OOM, victim, bpf_ktime_get_ns());
	measure_victim(event, victim->mm);
	event->oom_score_adj = victim->signal->oom_score_adj;
	event->uid = victim->cred->uid.val;
	copy_comm(event->comm, victim);
}

static __always_inline void count_kill(__u64 cgroup_id)
{
	struct cgroup_counts *counts = counts_of(cgroup_id);

	if (counts)
		add(counts->oom_kills, 1);
}

/* The victim still has its memory: the kill has been decided, not done. */
SEC("tp_btf/mark_victim")
int BPF_PROG(on_oom_task, struct task_struct *victim)
{
	COUNT_RUN(PROBE_OOM);
	__u64 cgroup_id = cgroup_of(victim);
	struct oom_event *event;

	count_kill(cgroup_id);
	event = reserve(EVENT_OOM, sizeof(*event));
	if (!event)
		return 0;
	describe_victim(event, victim);
	event->cgroup_id = cgroup_id;
	submit(event);
	return 0;
}

/*
 * A pid only, and no way to a task from it before 6.2. When the task that ran
 * out of memory is itself the victim, all is known. Else: its thread's pid and
 * the cgroup of the task that ran out, which is the victim's or an ancestor's
 * other descendant; the rest is zero. The exit event names the victim in full.
 */
SEC("tp_btf/mark_victim")
int BPF_PROG(on_oom_pid, int pid)
{
	COUNT_RUN(PROBE_OOM);
	struct task_struct *current = bpf_get_current_task_btf();
	__u64 cgroup_id = cgroup_of(current);
	struct oom_event *event;

	count_kill(cgroup_id);
	event = reserve(EVENT_OOM, sizeof(*event));
	if (!event)
		return 0;
	if (current->pid == pid || current->tgid == pid) {
		describe_victim(event, current);
	} else {
		__builtin_memset(event, 0, sizeof(*event));
		event->header.kind = EVENT_OOM;
		event->header.pid = pid;
		event->header.at_ns = bpf_ktime_get_ns();
	}
	event->cgroup_id = cgroup_id;
	submit(event);
	return 0;
}
