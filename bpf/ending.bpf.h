/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * When a request is over. Two hooks tell of it: block_rq_complete when the
 * device is done with some of it, block_io_done when its issuers know. Between
 * them lies what the kernel does for each page, up to a tenth of the time of a
 * large write; a wait ends with the second, and so does the kernel's count of
 * it (iostat). But that hook is silent where a device's statistics are off.
 */
#ifndef CULPRIT_ENDING_BPF_H
#define CULPRIT_ENDING_BPF_H

#include "vmlinux_block.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define REQUEST_FLAG(name)                                                     \
	(1u << (bpf_core_enum_value_exists(enum rqf_flags, __##name)           \
			? bpf_core_enum_value(enum rqf_flags, __##name)        \
			: name##_BEFORE))

/* Its data is written, and the flush that makes it last is still to come. */
static __always_inline bool waits_for_flush(const struct request *request)
{
	return request->rq_flags & REQUEST_FLAG(RQF_FLUSH_SEQ);
}

/*
 * The device is told to write down what it holds: before its data, after, or
 * without any. A data-less one is seen only by block_io_start.
 */
static __always_inline bool flushes(const struct request *request)
{
	__u32 bits =
		1u << bpf_core_enum_value(enum req_flag_bits, __REQ_PREFLUSH) |
		1u << bpf_core_enum_value(enum req_flag_bits, __REQ_FUA);

	return request->cmd_flags & bits;
}

/* Since 6.5. */
static __always_inline bool is_told_when_done(const struct request *request)
{
	return bpf_core_type_exists(btf_trace_block_io_done) &&
	       request->rq_flags & REQUEST_FLAG(RQF_IO_STAT);
}

/*
 * Where the kernel's count of its time begins. Not when it is told: for a small
 * one that is just before, and large ones are made in batches whose clock may
 * have been read 100 us ago.
 */
static __always_inline __u64 counted_from(const struct request *request,
					  __u64 told_ns)
{
	return is_told_when_done(request) ? request->start_time_ns : told_ns;
}

#endif
