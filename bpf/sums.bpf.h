/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A sum for each victim and owner, in a map of `struct blame`. */
#ifndef CULPRIT_SUMS_BPF_H
#define CULPRIT_SUMS_BPF_H

#include "account.bpf.h"
#include "blame.h"

#define CREDIT_US_MAX 1000000

static const struct blame no_blame;

static __always_inline struct blame *blame_in(void *blames, __u64 victim,
					      __u64 owner)
{
	struct blame_key key = {.victim = victim, .owner = owner};
	struct blame *blame = bpf_map_lookup_elem(blames, &key);

	if (blame)
		return blame;
	bpf_map_update_elem(blames, &key, &no_blame, BPF_NOEXIST);
	blame = bpf_map_lookup_elem(blames, &key);
	if (blame)
		return blame;
	key.owner = OWNER(OWNER_OTHER, 0);
	blame = bpf_map_lookup_elem(blames, &key);
	if (blame)
		return blame;
	/* Put there by user space, for victims that did not fit either. */
	key.victim = 0;
	return bpf_map_lookup_elem(blames, &key);
}

/*
 * The heaviest few processes of an owner, as well as one cache line can tell:
 * a newcomer takes the weakest place once it outweighs the credit there. Two
 * CPUs may race for a place; that costs a share, never the sum.
 */
static __always_inline void name_process(struct blame *blame, __u32 pid,
					 __u64 ns)
{
	struct blame_process *weakest = &blame->processes[0];
	__u64 us = ns / 1000;
	int i;

	for (i = 0; i < BLAME_PROCESSES; i++) {
		struct blame_process *process = &blame->processes[i];

		if (process->pid == pid) {
			us += process->credit_us;
			process->credit_us =
				us < CREDIT_US_MAX ? us : CREDIT_US_MAX;
			process->ns += ns;
			return;
		}
		if (process->credit_us < weakest->credit_us)
			weakest = process;
	}
	if (weakest->credit_us > us) {
		weakest->credit_us -= us;
		return;
	}
	weakest->pid = pid;
	weakest->credit_us = us < CREDIT_US_MAX ? us : CREDIT_US_MAX;
	weakest->ns = ns;
}

static __always_inline void accuse_in(void *blames, __u64 victim, __u64 owner,
				      __u32 pid, __u64 ns)
{
	struct blame *blame = blame_in(blames, victim, owner);

	if (!blame)
		return;
	add(blame->ns, ns);
	if (pid)
		name_process(blame, pid, ns);
}

#endif
