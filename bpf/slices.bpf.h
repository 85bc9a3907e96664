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

/* Stays are only compared, so no division, which on many CPUs is dear. */
#define STAY_SHIFT 10

struct slice {
	__u64 end_ns;
	__u64 owner;
	__u64 irq_ns;	 /* of the slice, taken by interrupts */
	__u64 stolen_ns; /* and by the hypervisor */
	__u32 pid;	 /* of the longest stay */
	__u32 stay_1024ns;
};

struct cpu_slices {
	struct cpu_stalls stalls;
	__u64 switches;	  /* rq->nr_switches at the last one seen */
	__u64 next_owner; /* of who got the CPU then */
	__u64 next_css;	  /* its css_set, which goes with the owner */
	__u64 irq_ns;	  /* totals then */
	__u64 stolen_ns;
	__u32 next_pid;
	__u32 head;
	__u64 length; /* slices in use, SLICES - 1 at most */
	struct slice ring[SLICES];
};

/* User space gives it one entry for each CPU that there can be. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_slices);
} cpus SEC(".maps");

static __always_inline struct cpu_slices *slices_of(struct rq *rq)
{
	__u32 at = rq->cpu;

	return bpf_map_lookup_elem(&cpus, &at);
}

static __always_inline struct slice *slice_at(struct cpu_slices *cpu, __u32 at)
{
	return &cpu->ring[at & SLICES_MASK];
}

/* Who held the CPU before them: while all that came are there, nobody saw. */
static __always_inline __u64 owner_before(const struct cpu_slices *cpu)
{
	return cpu->head == cpu->length ? OWNER(OWNER_UNOBSERVED, 0)
					: OWNER(OWNER_TRUNCATED, 0);
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
	struct slice *slice = slice_at(cpu, cpu->head);
	__u64 stay_ns = end_ns - slice->end_ns;
	__u32 stay_1024ns = stay_ns >> STAY_SHIFT;
	bool whole = !(slice->irq_ns | slice->stolen_ns | irq_ns | stolen_ns);

	/*
	 * What was stolen is spread evenly over a slice, so one in which
	 * something was is kept short.
	 */
	if (slice->owner == owner && (whole || stay_ns < STOLEN_SLICE_NS)) {
		slice->end_ns = end_ns;
		slice->irq_ns += irq_ns;
		slice->stolen_ns += stolen_ns;
		if (stay_1024ns > slice->stay_1024ns) {
			slice->stay_1024ns = stay_1024ns;
			slice->pid = pid;
		}
		return;
	}
	cpu->head += 1;
	cpu->length += 1;
	slice = slice_at(cpu, cpu->head);
	slice->end_ns = end_ns;
	slice->owner = owner;
	slice->irq_ns = irq_ns;
	slice->stolen_ns = stolen_ns;
	slice->pid = pid;
	slice->stay_1024ns = stay_1024ns;
}

#endif
