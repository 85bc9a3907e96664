/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The block layer's own, as vmlinux.h: linux/blk-mq.h and its like. */
#ifndef CULPRIT_VMLINUX_BLOCK_H
#define CULPRIT_VMLINUX_BLOCK_H

#include "vmlinux_sched.h"

/* include/linux/blk_types.h: the low byte of cmd_flags. */
#define REQ_OP_MASK  0xff
#define REQ_OP_READ  0
#define REQ_OP_WRITE 1

/* The same: bits of cmd_flags, which move when one is added before them. */
enum req_flag_bits {
	__REQ_FUA,
	__REQ_PREFLUSH,
};

typedef __u8 blk_status_t;
typedef __u32 req_flags_t;

/* include/linux/blk-mq.h: bits of rq_flags. Before 6.11 others, and no enum. */
enum rqf_flags {
	__RQF_FLUSH_SEQ,
	__RQF_IO_STAT,
};
#define RQF_FLUSH_SEQ_BEFORE 4
#define RQF_IO_STAT_BEFORE   13

/* Which number it has depends on how the kernel was configured. */
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
	req_flags_t rq_flags;
	unsigned int __data_len;
	struct bio *bio;
	__u64 start_time_ns;
};

typedef void (*btf_trace_block_io_done)(void *, struct request *);

#pragma clang attribute pop

#endif
