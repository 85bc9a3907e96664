/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Who held each CPU, and until when: a ring of slices for each CPU. Whoever
 * comes off the run queue looks back over the time that it waited.
 *
 *        head-2      head-1         head
 *   ──┬──────────┬────────────┬──────────────┐
 *     │ b.slice  │ kworker    │ a.service    │ now
 *   ──┴──────────┴────────────┴──────────────┘
 *          ▲ from                            ▲ to
 *
 * Neighbouring slices of one owner are one: two tasks of a cgroup that talk
 * to each other would overrun the ring in a millisecond otherwise.
 *
 * Written and read with the run queue's lock held, so nothing here is atomic.
 */
#ifndef CULPRIT_SLICES_BPF_H
#define CULPRIT_SLICES_BPF_H

#include "owner.bpf.h"
#include "vmlinux_sched.h"

#define SLICES		256 /* a power of two */
#define SLICES_MASK	(SLICES - 1)
#define STOLEN_SLICE_NS 4000000ULL

struct slice {
	__u64 end_ns;
	__u64 owner;
	__u64 irq_ns;	 /* of the slice, taken by interrupts */
	__u64 stolen_ns; /* and by the hypervisor */
	__u32 pid;	 /* of the longest stay */
	__u32 stay_us;
};

struct cpu_slices {
	struct cpu_stalls stalls;
	__u64 switches;	  /* rq->nr_switches at the last one seen */
	__u64 next_owner; /* of who got the CPU then */
	__u64 irq_ns;	  /* totals then */
	__u64 stolen_ns;
	__u32 next_pid;
	__u32 head;
	__u64 length; /* slices in use, SLICES at most */
	struct slice ring[SLICES];
};

/* User space gives it one entry for each CPU that there can be. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_slices);
} cpus SEC(".maps");

static __always_inline struct slice *slice_at(struct cpu_slices *cpu, __u32 at)
{
	return &cpu->ring[at & SLICES_MASK];
}

static __always_inline __u64 irq_time(struct rq *rq)
{
	return bpf_core_field_exists(rq->prev_irq_time) ? rq->prev_irq_time : 0;
}

static __always_inline __u64 stolen_time(struct rq *rq)
{
	return bpf_core_field_exists(rq->prev_steal_time_rq)
		       ? rq->prev_steal_time_rq
		       : 0;
}

static __always_inline void push_slice(struct cpu_slices *cpu, __u64 owner,
				       __u32 pid, __u64 end_ns, __u64 irq_ns,
				       __u64 stolen_ns)
{
	struct slice *last = slice_at(cpu, cpu->head);
	struct slice *slice = last;
	__u64 stay_us = (end_ns - last->end_ns) / 1000;
	bool whole = !(last->irq_ns | last->stolen_ns | irq_ns | stolen_ns);

	/*
	 * What was stolen is spread evenly over a slice, so one in which
	 * something was is kept short.
	 */
	if (last->owner == owner &&
	    (whole || stay_us < STOLEN_SLICE_NS / 1000)) {
		last->end_ns = end_ns;
		last->irq_ns += irq_ns;
		last->stolen_ns += stolen_ns;
		if (stay_us > last->stay_us) {
			last->stay_us = stay_us;
			last->pid = pid;
		}
		return;
	}
	cpu->head += 1;
	slice = slice_at(cpu, cpu->head);
	slice->end_ns = end_ns;
	slice->owner = owner;
	slice->irq_ns = irq_ns;
	slice->stolen_ns = stolen_ns;
	slice->pid = pid;
	slice->stay_us = stay_us;
	if (cpu->length < SLICES)
		cpu->length += 1;
}

#endif
