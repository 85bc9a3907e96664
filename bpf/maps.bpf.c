// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "maps.bpf.h"
#include "compat.bpf.h"
#include "cost.bpf.h"
#include "memory.bpf.h"
#include "tree.bpf.h"

struct events_map events SEC(".maps");
struct event_counts_map event_counts SEC(".maps");
struct probe_costs_map probe_costs SEC(".maps");
struct cgroups_map cgroups SEC(".maps");
struct task_memories_map task_memories SEC(".maps");
struct told_map told_by_pid SEC(".maps");

/* Told by user space before the load. */
const volatile bool exit_tells_group_dead = false;
const volatile __u32 tree_controller = TREE_V2;
const volatile int tree_hierarchy = 0;
const volatile __u64 page_bytes = 4096;
const volatile __u64 loaded_ns = 0;

char LICENSE[] SEC("license") = "Dual MIT/GPL";
