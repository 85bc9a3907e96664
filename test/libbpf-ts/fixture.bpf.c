// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What the tests of libbpf-ts load: one program, map or variable for each thing
 * that the binding can do. */
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

/* Configuration: only this process's forks count. */
const volatile __u32 target_pid = 0;
const volatile __u8 wide_stride = 0;
const volatile struct {
	__u16 first;
	__u16 second;
} pair = {1, 2};

__u64 forks;
__u64 lost;
__u32 pair_sum;

struct record {
	__u32 sequence;
	__u32 size;
	__u64 value;
	__u8 filler[240];
};

/* Gives the record a BTF, for the test of layouts. */
struct record sample;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} per_cpu_table SEC(".maps");

/* How `fill` fills the ring: 4 numbers, written by the test. */
enum plan { PLAN_RECORDS, PLAN_BYTES, PLAN_SPREAD, PLAN_DISCARD_EVERY };

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 key = 0;
	__u32 *runs;

	if (parent->tgid != target_pid || child->pid != child->tgid)
		return 0;

	__sync_fetch_and_add(&forks, 1);
	pair_sum = pair.first + pair.second;
	runs = bpf_map_lookup_elem(&per_cpu, &key);
	if (runs)
		*runs += 1;
	return 0;
}

/* Every process, as its pid. */
SEC("iter/task")
int dump_task(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	__u32 pid;

	if (!task || task->pid != task->tgid)
		return 0;
	pid = task->pid;
	bpf_seq_write(context->meta->seq, &pid, sizeof(pid));
	return 0;
}

static __u64 planned(__u32 key)
{
	__u64 *value = bpf_map_lookup_elem(&array, &key);

	return value ? *value : 0;
}

static long discard_one(void)
{
	struct record *record = bpf_ringbuf_reserve(&ring, 40, 0);

	if (!record)
		return 1;
	bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
	return 0;
}

static long fill_one(__u32 index, void *unused)
{
	static struct record record;
	__u64 every = planned(PLAN_DISCARD_EVERY);
	__u64 spread = planned(PLAN_SPREAD);
	__u32 size = planned(PLAN_BYTES);

	if (every && index % every == every - 1)
		discard_one();
	if (spread)
		size += index % spread;
	if (size > sizeof(record))
		return 1;
	record.sequence = index;
	record.size = size;
	record.value = (__u64)index << 20;
	if (bpf_ringbuf_output(&ring, &record, size, BPF_RB_NO_WAKEUP)) {
		lost += 1;
		return 1;
	}
	return 0;
}

/* Reading this iterator writes the planned records, until the ring is full. */
SEC("iter/task")
int fill(struct bpf_iter__task *context)
{
	if (context->meta->seq_num == 0 && context->task)
		bpf_loop(planned(PLAN_RECORDS), fill_one, 0, 0);
	return 0;
}

/* The verifier refuses this one: it reads a map's value without asking whether
 * it is there. */
SEC("?tp_btf/sched_process_exit")
int careless(void *context)
{
	__u32 key = 9;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value != 0;
}

/* No kernel has this hook. */
SEC("?tp_btf/no_such_tracepoint")
int homeless(void *context)
{
	return 0;
}
