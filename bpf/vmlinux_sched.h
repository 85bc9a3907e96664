/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The scheduler's own, as vmlinux.h: kernel/sched/sched.h. */
#ifndef CULPRIT_VMLINUX_SCHED_H
#define CULPRIT_VMLINUX_SCHED_H

#include "vmlinux.h"

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

struct rq {
	__u64 nr_switches;
	struct task_struct *curr;
	__u64 clock;
	__u64 clock_pelt;
	unsigned long lost_idle_time;
	int cpu;
	__u64 prev_irq_time;
	__u64 prev_steal_time_rq;
};

struct task_group {
	struct cgroup_subsys_state css;
};

struct cfs_rq {
	struct rq *rq;
	struct task_group *tg;
	__u64 throttled_clock;
	__u64 throttled_clock_pelt;
	__u64 throttled_clock_pelt_time;
	__u64 throttled_clock_self;
	__u64 throttled_clock_self_time;
	int throttle_count;
};

#pragma clang attribute pop

#endif
