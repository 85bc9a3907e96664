/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long a task's own quota kept it from running. While it is throttled, its
 * run delay grows as if it waited for a CPU; nobody else made it wait.
 *
 * Each run queue of a task group has a clock that runs while the group may
 * not. A task notes where it stands when it is stopped, and looks again when
 * it runs; so does the kernel for cpu.stat.
 */
#ifndef CULPRIT_THROTTLE_BPF_H
#define CULPRIT_THROTTLE_BPF_H

#include "process.bpf.h"
#include "vmlinux_sched.h"

#define GROUP_DEPTH_MAX 16

/*
 * 6.18, "sched/fair: Switch to task based throttle model": a task stops itself
 * on its way to user mode, and says so. Before, the whole group was taken off
 * the run queue, and a task among them does not know.
 */
static __always_inline bool tasks_tell_throttling(struct task_struct *task)
{
	return bpf_core_field_exists(task->throttled);
}

/*
 * Before 6.6, "sched/fair: Introduce throttled_clock_self", only the clock of
 * load tracking stands still with the group: it runs at the CPU's capacity,
 * so this is exact only at full speed.
 */
static __always_inline __u64 throttled_clock(struct cfs_rq *group, __u64 now)
{
	__u64 running;

	if (bpf_core_field_exists(group->throttled_clock_self_time)) {
		running = group->throttled_clock_self;
		return group->throttled_clock_self_time +
		       (running && running < now ? now - running : 0);
	}
	if (!group->throttle_count)
		return group->throttled_clock_pelt_time;
	return group->throttled_clock_pelt_time + group->rq->clock_pelt -
	       group->rq->lost_idle_time - group->throttled_clock_pelt;
}

/* `throttled` is an int before 6.18, and one bit of a byte from there on. */
struct cfs_rq___throttled {
	unsigned int throttled : 1;
} __attribute__((preserve_access_index));

static __always_inline bool is_throttled(struct cfs_rq *group)
{
	struct cfs_rq___throttled *flagged = (void *)group;

	return BPF_CORE_READ_BITFIELD_PROBED(flagged, throttled);
}

/* A group whose quota ran out: its cgroup, or 0, and when it did. */
struct throttler {
	__u64 cgroup_id;
	__u64 began_ns;
};

/*
 * Of the groups above a task, the nearest that is throttled now; else, for
 * `lately`, the one that was so last.
 */
static __always_inline void find_throttler(struct task_struct *task,
					   bool lately,
					   struct throttler *throttler)
{
	struct sched_entity *entity = BPF_CORE_READ(task, se.parent);
	struct cfs_rq *group = BPF_CORE_READ(task, se.cfs_rq);
	int depth;

	throttler->cgroup_id = 0;
	throttler->began_ns = 0;
	for (depth = 0; depth < GROUP_DEPTH_MAX && group; depth++) {
		__u64 began = BPF_CORE_READ(group, throttled_clock);
		bool now = is_throttled(group);

		if (now || (lately && began > throttler->began_ns)) {
			throttler->began_ns = began;
			throttler->cgroup_id =
				BPF_CORE_READ(group, tg, css.cgroup, kn, id);
		}
		if (now)
			return;
		group = entity ? BPF_CORE_READ(entity, cfs_rq) : NULL;
		entity = entity ? BPF_CORE_READ(entity, parent) : NULL;
	}
}

#endif
