/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Whose a request to a block device is. */
#ifndef CULPRIT_ISSUER_BPF_H
#define CULPRIT_ISSUER_BPF_H

#include "owner.bpf.h"
#include "vmlinux_block.h"

struct issuer {
	__u64 owner;
	__u64 victim;
	__u32 pid;
};

/* Of the hierarchy that has the io controller, which with v1 is another. */
static __always_inline __u64 io_owner_of(struct cgroup *cgroup)
{
	__u64 id = cgroup->kn->id;

	return is_of_tree(cgroup) ? id : OWNER(OWNER_IO_CGROUP, id);
}

static __always_inline struct blkcg *blkcg_of(struct request *request)
{
	struct bio *bio = request->bio;

	if (!bio || !bpf_core_field_exists(bio->bi_blkg) || !bio->bi_blkg)
		return NULL;
	return bio->bi_blkg->blkcg;
}

/* Where the task's own requests count: the nearest that has the controller. */
static __always_inline void *own_blkcg(struct task_struct *task)
{
	void *css = NULL;

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, io_cgrp_id))
		bpf_probe_read_kernel(
			&css, sizeof(css),
			(void *)&task->cgroups->subsys +
				bpf_core_enum_value(enum cgroup_subsys_id,
						    io_cgrp_id) *
					sizeof(css));
	return css;
}

/*
 * A request is its issuer's, unless the kernel keeps it for somebody else:
 * dirty pages are written, and loop devices and encryption work, in others'
 * context.
 */
static __always_inline void find_issuer(struct issuer *issuer,
					struct request *request)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct blkcg *blkcg = blkcg_of(request);

	if (blkcg && (void *)blkcg != own_blkcg(current)) {
		issuer->owner = io_owner_of(blkcg->css.cgroup);
		issuer->victim = issuer->owner;
		issuer->pid = 0;
		return;
	}
	issuer->owner = owner_of(current);
	if (issuer->owner == OWNER(OWNER_IDLE, 0))
		issuer->owner = OWNER(OWNER_KERNEL, KERNEL_OTHER);
	issuer->victim = cgroup_of(current);
	issuer->pid = current->flags & PF_KTHREAD ? 0 : current->tgid;
}

#endif
