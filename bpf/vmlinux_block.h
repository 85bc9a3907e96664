/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The block layer's own, as vmlinux.h: linux/blk-mq.h and its like. */
#ifndef CULPRIT_VMLINUX_BLOCK_H
#define CULPRIT_VMLINUX_BLOCK_H

#include "vmlinux_sched.h"

/* include/linux/blk_types.h: the low byte of cmd_flags. */
#define REQ_OP_MASK  0xff
#define REQ_OP_READ  0
#define REQ_OP_WRITE 1

typedef __u8 blk_status_t;

/* Which number it has depends on how the kernel was configured. */
enum cgroup_subsys_id {
	io_cgrp_id,
};

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
			     apply_to = record)

struct blkcg {
	struct cgroup_subsys_state css;
};

struct blkcg_gq {
	struct blkcg *blkcg;
};

struct bio {
	struct blkcg_gq *bi_blkg;
};

struct gendisk {
	int major;
	int first_minor;
};

/* Since 5.15, "block: move the disk to the queue". */
struct request_queue {
	struct gendisk *disk;
};

struct request {
	struct request_queue *q;
	__u32 cmd_flags;
	unsigned int __data_len;
	struct bio *bio;
};

struct css_set___controllers {
	struct cgroup_subsys_state *subsys[1];
};

#pragma clang attribute pop

#endif
