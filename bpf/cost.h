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
	PROBE_IO_START = 9, /* of two programs one is loaded */
	PROBE_IO_COMPLETE = 10,
	PROBE_IO_MERGE = 11,
	PROBE_RECLAIM_BEGIN = 12,
	PROBE_RECLAIM_END = 13,
	PROBE_LIMIT_BEGIN = 14,
	PROBE_LIMIT_END = 15,
	PROBE_COMPACTION_BEGIN = 16,
	PROBE_COMPACTION_END = 17,
	PROBE_WAKEUP = 18,
	PROBE_WAKEUP_NEW = 19,
	PROBE_TURN = 20,
	PROBE_IO_DONE = 21,
	PROBES = 22,
};

struct probe_cost {
	__u64 runs;
	__u64 run_ns; /* estimated */
};

_Static_assert(sizeof(struct probe_cost) == 16, "no holes");

#endif
