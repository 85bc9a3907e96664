/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How many files a process has open. */
#ifndef CULPRIT_DESCRIPTORS_BPF_H
#define CULPRIT_DESCRIPTORS_BPF_H

#include "vmlinux.h"
#include "events.h"
#include <bpf/bpf_helpers.h>

#define WORD_BITS    64
#define FD_WORDS_MAX 1024 /* 65,536 descriptors, and then it is partial */

static __always_inline __u32 count_bits(__u64 word)
{
	word -= (word >> 1) & 0x5555555555555555ULL;
	word = (word & 0x3333333333333333ULL) +
	       ((word >> 2) & 0x3333333333333333ULL);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (word * 0x0101010101010101ULL) >> 56;
}

static __always_inline __u32 count_fds(struct task_struct *task, __u8 *flags)
{
	struct files_struct *files = task->files;
	struct fdtable *table;
	unsigned long *bitmap;
	__u32 words;
	__u32 fds = 0;

	if (!files)
		return 0;
	table = files->fdt;
	bitmap = table->open_fds;
	words = table->max_fds / WORD_BITS;
	if (words > FD_WORDS_MAX)
		*flags |= SAMPLE_FDS_PARTIAL;
	for (__u32 i = 0; i < FD_WORDS_MAX; i++) {
		__u64 word = 0;

		if (i >= words)
			break;
		bpf_probe_read_kernel(&word, sizeof(word), bitmap + i);
		fds += count_bits(word);
	}
	return fds;
}

#endif
