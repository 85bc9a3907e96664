// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Waits where a task has no way to its run queue (no CONFIG_FAIR_GROUP_SCHED),
 * so that stall.bpf.c can't be loaded: a stamp when a task becomes ready, and
 * the whole wait to whoever held the CPU last. The sums are near; the division
 * is a guess, and told as inferred. User space loads these or those.
 */
#include "cost.bpf.h"
#include "owner.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/*
 * By tid. Least recently used: a task that ended leaves its stamp behind. User
 * space makes room when these programs are the ones.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} ready SEC(".maps");

extern int accuse(__u64 victim, __u64 owner, __u32 pid, __u64 ns);

static __always_inline void stamp(struct task_struct *task)
{
	__u32 tid = task->pid;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&ready, &tid, &now, BPF_ANY);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	COUNT_RUN(PROBE_WAKEUP);
	stamp(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	COUNT_RUN(PROBE_WAKEUP_NEW);
	stamp(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_turn, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	COUNT_RUN(PROBE_TURN);
	__u32 tid = next->pid;
	__u64 *since;
	__u64 waited;

	if (prev->pid && prev->__state == TASK_RUNNING)
		stamp(prev);
	since = tid ? bpf_map_lookup_elem(&ready, &tid) : NULL;
	if (!since || !*since)
		return 0;
	waited = bpf_ktime_get_ns() - *since;
	*since = 0;
	accuse(cgroup_of(next), owner_of(prev), prev->tgid, waited);
	return 0;
}
