// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * For comparison: the whole of a wait to the cgroup that ran just before, as a
 * probe of the scheduler that remembers nothing has to say it.
 */
#include "../../bpf/process.bpf.h"
#include "../../bpf/vmlinux_sched.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 tree_controller = TREE_V2;
const volatile int tree_hierarchy = 0;

struct pair {
	__u64 victim;
	__u64 offender; /* 0 for the kernel and for nobody */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct pair);
	__type(value, __u64);
} waits SEC(".maps");

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	__u64 queued = next->sched_info.last_queued;
	__u64 now = next->se.cfs_rq->rq->clock;
	__u64 wait = queued && queued < now ? now - queued : 0;
	struct pair pair = {};
	__u64 *sum;

	if (!wait || next->pid == 0)
		return 0;
	pair.victim = cgroup_of(next);
	if (!(prev->flags & PF_KTHREAD))
		pair.offender = cgroup_of(prev);
	sum = bpf_map_lookup_elem(&waits, &pair);
	if (sum)
		__sync_fetch_and_add(sum, wait);
	else
		bpf_map_update_elem(&waits, &pair, &wait, BPF_NOEXIST);
	return 0;
}
