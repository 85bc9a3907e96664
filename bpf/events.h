/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The wire: what the probes write and src/core/wire reads, byte for byte.
 *
 * Fixed widths only, holes named, sizes asserted. layout.c gives each record a
 * BTF, and a test compares it with src/core/wire/layout.ts, offset by offset.
 * Times are nanoseconds. `started_ns` is CLOCK_BOOTTIME (task->start_boottime),
 * `at_ns` is CLOCK_MONOTONIC, the clock of process.hrtime().
 */
#ifndef CULPRIT_EVENTS_H
#define CULPRIT_EVENTS_H

#define COMM_BYTES     16
#define EXE_BYTES_MAX  128  /* base name of the executable */
#define ARGV_BYTES_MAX 256  /* the beginning of argv, NUL-separated */
#define PATH_BYTES_MAX 1024 /* of a cgroup, without the final NUL */
#define EVENT_KINDS    16   /* ring kinds are 1..15 */
/* le 1 ms 10 ms 100 ms 1 s 10 s 1 m 10 m 1 h inf */
#define LIFETIME_BUCKETS 9

enum event_kind {
	EVENT_FORK = 1,
	EVENT_EXEC = 2,
	EVENT_EXIT = 3,
	EVENT_REAP = 4,
	EVENT_STORM = 5,
	EVENT_OOM = 6,
	EVENT_CGROUP_MKDIR = 7,
	EVENT_CGROUP_RMDIR = 8,
	EVENT_CGROUP_ATTACH = 9,
	EVENT_WAIT = 10, /* blame.h */
	/* Written by the iterators, never to the ring. */
	SAMPLE_PROCESS = 16,
	SAMPLE_THREAD = 17,
	SAMPLE_IDLE = 18,
	SAMPLE_WAITING = 19, /* blame.h */
};

enum exit_reason {
	EXIT_OK = 0,
	EXIT_ERROR = 1,
	EXIT_SIGNAL = 2,
	EXIT_OOM = 3,
	EXIT_REASONS = 4,
};

enum storm_scope {
	STORM_OF_PARENT = 1,
	STORM_OF_CGROUP = 2,
};

enum task_state {
	STATE_RUNNING = 0,
	STATE_SLEEPING = 1,
	STATE_UNINTERRUPTIBLE = 2,
	STATE_STOPPED = 3,
	STATE_ZOMBIE = 4,
	STATE_IDLE = 5, /* a kernel thread that waits: not load, not D */
};

enum sample_flag {
	SAMPLE_KTHREAD = 1,
	SAMPLE_FDS_PARTIAL = 2, /* more descriptors than were counted */
};

struct event_header {
	__u32 kind;	  /* enum event_kind */
	__u32 pid;	  /* thread group id in the init pid namespace */
	__u64 started_ns; /* with pid, the identity: pids are reused */
	__u64 at_ns;
};

/*
 * What a whole process has used: its dead threads, and those still linked.
 * user:system is the ratio of the tick-sampled times; runtime_ns is exact.
 */
struct usage {
	__u64 runtime_ns;
	__u64 user_ns;
	__u64 system_ns;
	__u64 read_bytes;
	__u64 write_bytes;
	__u64 major_faults;
};

/* The header names the child. Threads are counted, never reported. */
struct fork_event {
	struct event_header header;
	__u32 parent_pid;
	__u32 uid;
	__u64 parent_started_ns;
	__u64 cgroup_id; /* of the child */
	char comm[COMM_BYTES];
};

struct exec_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 uid;
	__u16 exe_length;  /* bytes of text: the executable's base name */
	__u16 argv_length; /* bytes after it that are argv, NUL-separated */
	char comm[COMM_BYTES];
	char text[];
};

/* Sent when the last thread begins to exit: `used` still grows until the reap.
 */
struct exit_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 status; /* as wait(2) reports it */
	__u32 reason; /* enum exit_reason */
	__u64 lifetime_ns;
	__u64 rss_peak_bytes;
	struct usage used;
	char comm[COMM_BYTES];
};

/*
 * The process is gone and waited for: what it used is final, the teardown of
 * its memory included, which runs after the exit event.
 */
struct reap_event {
	struct event_header header;
	__u64 cgroup_id;
	struct usage used;
};

/* A leaky bucket ran over. The header names the parent; pid 0 for a cgroup. */
struct storm_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 scope; /* enum storm_scope */
	__u32 forks; /* since the bucket was last empty */
	__u64 window_ns;
};

/* The header names the victim. */
struct oom_event {
	struct event_header header;
	__u64 cgroup_id;
	__u64 total_vm_bytes;
	__u64 anonymous_bytes;
	__u64 file_bytes;
	__u64 shared_bytes;
	__u64 page_table_bytes;
	__s32 oom_score_adj;
	__u32 uid;
	char comm[COMM_BYTES];
};

/* mkdir, rmdir: pid 0. attach: the process that moved. */
struct cgroup_event {
	struct event_header header;
	__u64 cgroup_id;
	__u32 level;
	__u16 path_length; /* PATH_BYTES_MAX when it was cut */
	__u16 reserved;
	char path[];
};

/* Iterator: the leader, with what its dead threads used. */
struct process_sample {
	struct event_header header;
	__u32 parent_pid;
	__u32 uid;
	__u64 parent_started_ns;
	__u64 cgroup_id;
	struct usage used;
	__u64 leader_runtime_ns; /* the part of `used` that is its own */
	__u64 anonymous_bytes;
	__u64 file_bytes;
	__u64 shared_bytes;
	__u64 swap_bytes;
	__u64 rss_peak_bytes;
	__u64 fd_limit; /* soft; ~0 when unlimited */
	__u32 fds;
	__u32 threads;
	__u32 pid_namespace;
	__s32 oom_score_adj;
	__u8 state;	  /* enum task_state */
	__u8 flags;	  /* enum sample_flag */
	__u16 exe_length; /* 0 of who has none, or where none was asked for */
	__u32 reserved;
	char comm[COMM_BYTES];
	char exe[];
};

/* Iterator: a thread that is not the leader. */
struct thread_sample {
	struct event_header header; /* of its process */
	__u32 tid;
	__u8 state;
	__u8 reserved[3];
	struct usage used;
};

/*
 * Iterator: the process is there, and its last process_sample holds. `at_ns`
 * is when the pass began.
 */
struct idle_sample {
	struct event_header header;
};

/*
 * Map `cgroups`: key cgroup id, or 0 for those that did not fit. Exact even
 * when the ring overflows. `lost` is what the ring could not take.
 */
struct lifecycle_counts {
	__u64 forks;
	__u64 execs;
	__u64 exits[EXIT_REASONS];
};

struct cgroup_counts {
	struct lifecycle_counts seen; /* everything, the lost included */
	__u64 threads;
	__u64 oom_kills;
	__u64 run_delay_ns;
	__u64 lifetime_ns;
	__u64 lifetimes[LIFETIME_BUCKETS]; /* not cumulative */
	struct lifecycle_counts lost;
	struct usage lost_usage;      /* of processes whose reap was lost */
	__u64 long_waits;	      /* for a CPU, all of them */
	__u64 long_waits_untold;      /* of those, more than may be told */
	__u64 long_waits_empty_at_ns; /* the bucket that says so */
};

/* Per-CPU array `event_counts`, by kind. */
struct event_count {
	__u64 produced;
	__u64 lost;
};

_Static_assert(sizeof(struct event_header) == 24, "no holes");
_Static_assert(sizeof(struct usage) == 48, "no holes");
_Static_assert(sizeof(struct fork_event) == 64, "no holes");
_Static_assert(sizeof(struct exec_event) == 56, "no holes");
_Static_assert(sizeof(struct exit_event) == 120, "no holes");
_Static_assert(sizeof(struct reap_event) == 80, "no holes");
_Static_assert(sizeof(struct storm_event) == 48, "no holes");
_Static_assert(sizeof(struct oom_event) == 96, "no holes");
_Static_assert(sizeof(struct cgroup_event) == 40, "no holes");
_Static_assert(sizeof(struct process_sample) == 192, "no holes");
_Static_assert(sizeof(struct thread_sample) == 80, "no holes");
_Static_assert(sizeof(struct idle_sample) == 24, "no holes");
_Static_assert(sizeof(struct cgroup_counts) == 272, "no holes");

#endif
