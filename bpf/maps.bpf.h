/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the probes share. Together about 8 MiB of kernel memory, and up to
 * 0.4 KiB for each task whose run delay a snapshot has counted.
 */
#ifndef CULPRIT_MAPS_BPF_H
#define CULPRIT_MAPS_BPF_H

#include "vmlinux.h"
#include "events.h"
#include <bpf/bpf_helpers.h>

/* User space may choose another power of two. */
struct events_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
};

struct event_counts_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_KINDS);
	__type(key, __u32);
	__type(value, struct event_count);
};

/*
 * Key 0, put there by user space, takes the counts of cgroups that did not
 * fit. An entry may be deleted a while after its cgroup was removed: at once,
 * and a probe at work could still write to the element, already another's.
 */
struct cgroups_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct cgroup_counts);
};

struct task_memory {
	__u64 run_delay_ns; /* already counted to a cgroup */
	__u64 exit_sent;    /* on the leader; before 6.16 only */
};

struct task_memories_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_memory);
};

/* What user space was told of the process that has this pid, see told.bpf.h. */
struct told {
	__u64 started_ns;
	__u64 fingerprint;
	__u32 pid;
	__u32 due_s; /* when all is told again, whatever it does */
};

/* A power of two. Of pids that share an entry, each is told whole each time. */
#define TOLD_ENTRIES 65536

struct told_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TOLD_ENTRIES);
	__type(key, __u32);
	__type(value, struct told);
};

extern struct events_map events SEC(".maps");
extern struct event_counts_map event_counts SEC(".maps");
extern struct cgroups_map cgroups SEC(".maps");
extern struct task_memories_map task_memories SEC(".maps");
extern struct told_map told_by_pid SEC(".maps");

#endif
