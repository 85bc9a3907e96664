// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How long tasks had to find memory for themselves before they could go on.
 *
 * Reclaim for a limit is the doing of who lives under it: of the victim. For
 * the whole host, it is told as the kernel's work, and user space divides it
 * among those that grew.
 */
#include "owner.bpf.h"
#include "sums.bpf.h"
#include "cost.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Longer than any that ends: its end was missed, and this is another's. */
#define RECLAIM_NS_MAX 30000000000ULL

struct reclaim {
	__u64 began_ns;
	__u64 task; /* by its start: pids are reused */
};

/* By thread. One whose end was missed is pushed out, or begins again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct reclaim);
} reclaims SEC(".maps");

/* As `blames`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, struct blame_key);
	__type(value, struct blame);
} memory_blames SEC(".maps");

/* Ends that no program saw, or beginnings. */
__u64 reclaims_missed;

/* Nobody waits for the kernel's own threads here: kswapd is what helps. */
static __always_inline int begin(void)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct reclaim reclaim = {.began_ns = bpf_ktime_get_ns(),
				  .task = current->start_boottime};
	__u32 thread = current->pid;

	if (current->flags & PF_KTHREAD)
		return 0;
	if (bpf_map_update_elem(&reclaims, &thread, &reclaim, BPF_NOEXIST)) {
		add(reclaims_missed, 1);
		bpf_map_update_elem(&reclaims, &thread, &reclaim, BPF_ANY);
	}
	return 0;
}

/* Owner 0: the victim itself. */
static __always_inline int end(__u64 owner)
{
	struct task_struct *current = bpf_get_current_task_btf();
	__u64 victim = cgroup_of(current);
	__u32 thread = current->pid;
	struct reclaim *reclaim;
	struct blame *blame;
	__u64 ns;

	if (current->flags & PF_KTHREAD)
		return 0;
	reclaim = bpf_map_lookup_elem(&reclaims, &thread);
	ns = reclaim ? bpf_ktime_get_ns() - reclaim->began_ns : ~0ULL;
	if (!reclaim || reclaim->task != current->start_boottime ||
	    ns > RECLAIM_NS_MAX) {
		add(reclaims_missed, 1);
		return 0;
	}
	bpf_map_delete_elem(&reclaims, &thread);
	blame = blame_in(&memory_blames, victim, owner ? owner : victim);
	if (!blame)
		return 0;
	add(blame->ns, ns);
	if (!owner)
		name_process(blame, current->tgid, ns);
	return 0;
}

SEC("tp_btf/mm_vmscan_direct_reclaim_begin")
int BPF_PROG(on_reclaim_begin)
{
	COUNT_RUN(PROBE_RECLAIM_BEGIN);
	return begin();
}

SEC("tp_btf/mm_vmscan_direct_reclaim_end")
int BPF_PROG(on_reclaim_end)
{
	COUNT_RUN(PROBE_RECLAIM_END);
	return end(OWNER(OWNER_KERNEL, KERNEL_RECLAIM));
}

/* For the limit of the task's cgroup, or of one above. */
SEC("tp_btf/mm_vmscan_memcg_reclaim_begin")
int BPF_PROG(on_limit_begin)
{
	COUNT_RUN(PROBE_LIMIT_BEGIN);
	return begin();
}

SEC("tp_btf/mm_vmscan_memcg_reclaim_end")
int BPF_PROG(on_limit_end)
{
	COUNT_RUN(PROBE_LIMIT_END);
	return end(0);
}

/* Memory there is, but in pieces too small. */
SEC("tp_btf/mm_compaction_begin")
int BPF_PROG(on_compaction_begin)
{
	COUNT_RUN(PROBE_COMPACTION_BEGIN);
	return begin();
}

SEC("tp_btf/mm_compaction_end")
int BPF_PROG(on_compaction_end)
{
	COUNT_RUN(PROBE_COMPACTION_END);
	return end(OWNER(OWNER_KERNEL, KERNEL_COMPACTION));
}
