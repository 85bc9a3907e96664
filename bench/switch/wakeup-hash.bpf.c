// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What our probe is measured against: the pattern that others publish. A
 * timestamp by pid at each wake-up, taken out of the hash at the switch, and
 * the whole wait charged to the cgroup that ran just before.
 */
#include "../../bpf/vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct pair {
	__u64 victim;
	__u64 offender;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, __u64);
} queued SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct pair);
	__type(value, __u64);
} stalls SEC(".maps");

static __always_inline void queue(struct task_struct *task)
{
	__u32 pid = task->pid;
	__u64 now = bpf_ktime_get_ns();

	if (pid)
		bpf_map_update_elem(&queued, &pid, &now, BPF_ANY);
}

static __always_inline void blame(struct task_struct *victim,
				  struct task_struct *offender, __u64 ns)
{
	struct pair pair = {
		.victim = victim->cgroups->dfl_cgrp->kn->id,
		.offender = offender->cgroups->dfl_cgrp->kn->id,
	};
	__u64 *sum = bpf_map_lookup_elem(&stalls, &pair);

	if (sum)
		__sync_fetch_and_add(sum, ns);
	else
		bpf_map_update_elem(&stalls, &pair, &ns, BPF_NOEXIST);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	queue(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	queue(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	__u32 pid = next->pid;
	__u64 *at;

	if (prev->__state == 0)
		queue(prev);
	at = bpf_map_lookup_elem(&queued, &pid);
	if (!at)
		return 0;
	blame(next, prev, bpf_ktime_get_ns() - *at);
	bpf_map_delete_elem(&queued, &pid);
	return 0;
}
