/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What our probes cost, without the kernel's statistics: those read the clock
 * twice at every run of every program of the host, ours or not.
 */
#ifndef CULPRIT_COST_BPF_H
#define CULPRIT_COST_BPF_H

#include "cost.h"
#include <bpf/bpf_helpers.h>

#define SAMPLE_RUNS    64 /* a power of two */
#define INTERRUPTED_NS 50000

struct probe_costs_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROBES);
	__type(key, __u32);
	__type(value, struct probe_cost);
};

extern struct probe_costs_map probe_costs SEC(".maps");

/*
 * What a timed run says of SAMPLE_RUNS of them. None of ours takes so long: an
 * interrupt or the hypervisor came between, and the others had none of that.
 */
static __always_inline __u64 estimate(__u64 ns)
{
	return ns < INTERRUPTED_NS ? ns * SAMPLE_RUNS : ns;
}

struct run {
	struct probe_cost *cost;
	__u64 from_ns; /* 0: this one is not timed */
};

/*
 * The first SAMPLE_RUNS on a CPU are timed each, so that a probe that seldom
 * runs has a cost as well; then one of SAMPLE_RUNS, for all of them.
 */
static __always_inline struct run begin_run(__u32 probe)
{
	struct run run = {.cost = bpf_map_lookup_elem(&probe_costs, &probe)};

	if (!run.cost)
		return run;
	run.cost->runs += 1;
	if (run.cost->runs < SAMPLE_RUNS ||
	    !(run.cost->runs & (SAMPLE_RUNS - 1)))
		run.from_ns = bpf_ktime_get_ns();
	return run;
}

static __always_inline void end_run(struct run *run)
{
	__u64 ns;

	if (!run->cost || !run->from_ns)
		return;
	ns = bpf_ktime_get_ns() - run->from_ns;
	if (run->cost->runs <= SAMPLE_RUNS)
		run->cost->run_ns += ns;
	else
		run->cost->run_ns += estimate(ns);
}

/* Counts this run of a program and times it to its end, whichever return. */
#define COUNT_RUN(probe)                                                       \
	struct run run __attribute__((cleanup(end_run), unused)) =             \
		begin_run(probe)

#endif
