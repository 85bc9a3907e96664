/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Who made whom wait, as the probes tell it to user space: map `blame`, and
 * the records that go with it. Times are nanoseconds.
 */
#ifndef CULPRIT_BLAME_H
#define CULPRIT_BLAME_H

#include "events.h"

/*
 * Who held the CPU. The top byte says what kind of owner it is; the rest
 * belongs to the kind: a cgroup's id, or what kernel work it was.
 */
#define OWNER_KIND_SHIFT 56

enum owner_kind {
	OWNER_CGROUP = 0,
	OWNER_KERNEL = 1,     /* with enum kernel_work */
	OWNER_THROTTLE = 2,   /* with the cgroup whose quota ran out, or 0 */
	OWNER_IRQ = 3,	      /* interrupts, on kernels that time them */
	OWNER_HYPERVISOR = 4, /* the virtual CPU was not running */
	OWNER_IDLE = 5,	      /* nobody: the CPU was waking up */
	OWNER_UNOBSERVED = 6, /* a switch that no program saw */
	OWNER_TRUNCATED = 7,  /* the wait began before what is remembered */
	OWNER_OTHER = 8,      /* found no room in the map */
	OWNER_IO_CGROUP = 9,  /* a cgroup of the v1 hierarchy that has blkio */
};

enum kernel_work {
	KERNEL_OTHER = 0,
	KERNEL_KWORKER = 1,
	KERNEL_SOFTIRQ = 2,
	KERNEL_RECLAIM = 3,
	KERNEL_RCU = 4,
	KERNEL_MIGRATION = 5,
	KERNEL_COMPACTION = 6,
};

#define OWNER(kind, detail)                                                    \
	((__u64)(kind) << OWNER_KIND_SHIFT | (__u64)(detail))

struct blame_key {
	__u64 victim; /* cgroup */
	__u64 owner;
};

#define BLAME_PROCESSES 3

/* One of the owner's processes that held the CPU, and for how much of it. */
struct blame_process {
	__u32 pid;	 /* 0: no one yet */
	__u32 credit_us; /* what a rival must outweigh to take this place */
	__u64 ns;	 /* since it took this place */
};

/* Only grows, while the entry lives. */
struct blame {
	__u64 ns;
	struct blame_process processes[BLAME_PROCESSES];
};

/* Sums on their way to `blames`, up to PENDING_NS_MAX each. */
#define PENDING_BLAMES 8

struct pending_blame {
	__u64 victim;
	__u64 owner;
	__u64 ns;
	__u32 pid;	   /* of the longest part */
	__u32 most_1024ns; /* how long that was */
};

/*
 * Map `cpus`, by CPU; more follows that is the probe's own. Read it after
 * `blames`: what moves between the two readings is then in neither, and in the
 * next, but never twice.
 */
struct cpu_stalls {
	struct pending_blame pending[PENDING_BLAMES];
	__u64 seen; /* context switches, of which each is a run of on_switch */
	__u64 missed; /* and those that only the kernel counted */
	__u64 run_ns; /* estimated from one run in SAMPLE_RUNS */
};

#define WAIT_OFFENDERS 4

/* Who held the CPU for a part of one wait. */
struct wait_offender {
	__u64 owner;
	__u64 ns;      /* 0: no one */
	__u32 pid;     /* of the owner's longest part, 0 when there is none */
	__u32 most_us; /* how long that was */
};

/*
 * One long wait for a CPU that is over: the task runs, or waits elsewhere. The
 * header names its process. The parts and the rest are the whole of it.
 */
struct wait_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 tid;
	__u32 cpu;
	__u64 waited_ns;
	__u64 rest_ns; /* of all other offenders */
	struct wait_offender offenders[WAIT_OFFENDERS]; /* largest first */
};

/* Iterator: a task that still waits. The header names its process. */
struct waiting_sample {
	struct event_header header;
	__u64 cgroup_id;
	__u32 tid;
	__u32 cpu;
	__u64 waited_ns; /* so far, on this CPU */
	__u64 owner;	 /* who runs there now, or the quota that forbids it */
	__u32 owner_pid;
	__u32 reserved;
};

_Static_assert(sizeof(struct blame_key) == 16, "no holes");
_Static_assert(sizeof(struct blame_process) == 16, "no holes");
_Static_assert(sizeof(struct blame) == 56, "no holes");
_Static_assert(sizeof(struct pending_blame) == 32, "no holes");
_Static_assert(sizeof(struct cpu_stalls) == 280, "no holes");
_Static_assert(sizeof(struct wait_offender) == 24, "no holes");
_Static_assert(sizeof(struct wait_event) == 152, "no holes");
_Static_assert(sizeof(struct waiting_sample) == 64, "no holes");

#endif
