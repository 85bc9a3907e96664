// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Tasks that wait for a CPU and have not got one yet: what the switch will tell
 * only when it is over. Read by user space through an iterator, while anybody
 * could wait at all.
 */
#include "owner.bpf.h"
#include "throttle.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u64 waiting_ns_min = 100000000;

/*
 * The clock of an idle CPU stands still, and a throttled task's may be idle:
 * then the reader's own is later, by a tick at most behind the truth.
 */
static __always_inline __u64 clock_of(struct rq *rq)
{
	__u64 own = bpf_get_current_task_btf()->se.cfs_rq->rq->clock;
	__u64 there = rq->clock;

	return there > own ? there : own;
}

/*
 * Since 6.12, "sched/fair: Implement delayed dequeue", a task that sleeps may
 * stay on its queue for a while.
 */
struct sched_entity___delayed {
	unsigned char sched_delayed;
} __attribute__((preserve_access_index));

static __always_inline bool is_asleep(struct task_struct *task)
{
	struct sched_entity___delayed *entity = (void *)&task->se;

	return bpf_core_field_exists(entity->sched_delayed) &&
	       BPF_CORE_READ(entity, sched_delayed);
}

static __always_inline bool is_held_back(struct task_struct *task)
{
	if (tasks_tell_throttling(task))
		return task->throttled;
	return task->se.cfs_rq->throttle_count > 0;
}

static __always_inline void name_owner(struct waiting_sample *sample,
				       struct task_struct *task,
				       struct task_struct *running)
{
	struct throttler throttler;

	if (is_held_back(task)) {
		find_throttler(task, false, &throttler);
		sample->owner = OWNER(OWNER_THROTTLE, throttler.cgroup_id);
		return;
	}
	sample->owner = owner_of(running);
	sample->owner_pid = running->tgid;
}

/* Nobody's lock is held: each is a look at a moment of its own. */
SEC("iter/task")
int waiting(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct waiting_sample sample = {};
	struct task_struct *running;
	struct rq *rq;
	__u64 queued, now;

	if (!task || task->on_rq != TASK_ON_RQ_QUEUED)
		return 0;
	queued = task->sched_info.last_queued;
	if (!queued || is_asleep(task))
		return 0;
	rq = task->se.cfs_rq->rq;
	running = rq->curr;
	now = clock_of(rq);
	if (running->pid == task->pid || now < queued + waiting_ns_min)
		return 0;

	identify(&sample.header, SAMPLE_WAITING, task, bpf_ktime_get_ns());
	sample.cgroup_id = cgroup_of(task);
	sample.tid = task->pid;
	sample.cpu = rq->cpu;
	sample.waited_ns = now - queued;
	name_owner(&sample, task, running);
	bpf_seq_write(ctx->meta->seq, &sample, sizeof(sample));
	return 0;
}
