// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Cgroups as they come and go, so that a workload has its name before its
 * first process ends.
 */
#include "cost.bpf.h"
#include "process.bpf.h"
#include "ring.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct cgroup_record {
	struct cgroup_event event;
	char path[PATH_BYTES_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cgroup_record);
} cgroup_scratch SEC(".maps");

/*
 * The kernel's own buffer for these paths has 1,024 bytes with its NUL, so one
 * of 1,023 characters was cut, or might have been: PATH_BYTES_MAX says so.
 */
static __always_inline __u32 copy_path(char path[PATH_BYTES_MAX],
				       const char *from)
{
	long size = bpf_probe_read_kernel_str(path, PATH_BYTES_MAX, from);

	if (size <= 0)
		return 0;
	if (size >= PATH_BYTES_MAX)
		return PATH_BYTES_MAX;
	return size - 1;
}

static __always_inline void report(__u32 kind, struct cgroup *cgroup,
				   const char *path, struct task_struct *moved)
{
	__u32 first = 0;
	struct cgroup_record *record;
	struct cgroup_event *event;
	__u32 length;

	if (!is_of_tree(cgroup))
		return;
	record = bpf_map_lookup_elem(&cgroup_scratch, &first);
	if (!record)
		return;
	event = &record->event;
	event->header.kind = kind;
	event->header.pid = moved ? moved->tgid : 0;
	event->header.started_ns = moved ? started_ns(moved) : 0;
	event->header.at_ns = bpf_ktime_get_ns();
	event->cgroup_id = cgroup->kn->id;
	event->level = cgroup->level;
	length = copy_path(record->path, path);
	event->path_length = length;
	event->reserved = 0;
	send(kind, record, sizeof(*event) + length);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	COUNT_RUN(PROBE_CGROUP_MKDIR);

	report(EVENT_CGROUP_MKDIR, cgroup, path, NULL);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	COUNT_RUN(PROBE_CGROUP_RMDIR);

	report(EVENT_CGROUP_RMDIR, cgroup, path, NULL);
	return 0;
}

/* Once for a process, with its leader; a lone thread that moves is no news. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *cgroup, const char *path,
	     struct task_struct *task)
{
	COUNT_RUN(PROBE_CGROUP_ATTACH);

	if (!is_thread(task))
		report(EVENT_CGROUP_ATTACH, cgroup, path, task);
	return 0;
}
