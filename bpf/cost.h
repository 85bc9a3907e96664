/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the probes cost, as they tell it to user space: map `probe_costs`, by
 * CPU. The iterators are not in it: they run in whoever reads them, as CPU time
 * of that process; on_switch keeps its own in `cpus`.
 */
#ifndef CULPRIT_COST_H
#define CULPRIT_COST_H

#include "vmlinux.h"

enum probe {
	PROBE_FORK = 0,
	PROBE_EXEC = 1,
	PROBE_EXIT = 2,
	PROBE_REAP = 3,
	PROBE_OOM = 4, /* of two programs one is loaded */
	PROBE_CGROUP_MKDIR = 5,
	PROBE_CGROUP_RMDIR = 6,
	PROBE_CGROUP_ATTACH = 7,
	PROBE_MIGRATE = 8,
	PROBES = 9,
};

struct probe_cost {
	__u64 runs;
	__u64 run_ns; /* estimated */
};

_Static_assert(sizeof(struct probe_cost) == 16, "no holes");

#endif
