/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The hierarchy whose cgroups are workloads: v2, or on hosts where that is not
 * mounted, the v1 hierarchy that has a controller. User space says which.
 */
#ifndef CULPRIT_TREE_BPF_H
#define CULPRIT_TREE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

enum tree_controller {
	TREE_V2 = 0,
	TREE_PIDS = 1,
	TREE_MEMORY = 2,
	TREE_CPU = 3,
};

extern const volatile __u32 tree_controller;
extern const volatile int tree_hierarchy;

static __always_inline bool is_of_tree(struct cgroup *cgroup)
{
	return cgroup->root->hierarchy_id == tree_hierarchy;
}

/* Each kernel counts its controllers in its own way, and only its own. */
#define STATE_OF(task, controller)                                             \
	(*(struct cgroup_subsys_state **)((void *)&(task)->cgroups->subsys +   \
					  bpf_core_enum_value(                 \
						  enum cgroup_subsys_id,       \
						  controller) *                \
						  sizeof(void *)))

static __noinline __u64 cgroup_of_v1(struct task_struct *task)
{
	if (tree_controller == TREE_PIDS)
		return STATE_OF(task, pids_cgrp_id)->cgroup->kn->id;
	if (tree_controller == TREE_MEMORY)
		return STATE_OF(task, memory_cgrp_id)->cgroup->kn->id;
	return STATE_OF(task, cpu_cgrp_id)->cgroup->kn->id;
}

/*
 * The id of the task's cgroup: the inode number of its directory. Still
 * readable at the reap. With v2, nothing of the rest is left after loading.
 */
static __always_inline __u64 cgroup_of(struct task_struct *task)
{
	if (unlikely(tree_controller))
		return cgroup_of_v1(task);
	return task->cgroups->dfl_cgrp->kn->id;
}

#endif
