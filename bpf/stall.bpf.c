// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Who held the CPU that a task waited for. Both hooks run with the lock of the
 * run queue held and its clock fresh, so that what the scheduler counts as run
 * delay and what is charged here are differences of the same two readings.
 */
#include "cost.bpf.h"
#include "longwait.bpf.h"
#include "lookback.bpf.h"
#include "quota.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline struct rq *queue_of(struct task_struct *task)
{
	return task->se.cfs_rq->rq;
}

static __always_inline void push(struct cpu_slices *cpu, struct rq *rq,
				 __u64 owner, __u32 pid, __u64 end_ns,
				 __u64 irq_ns, __u64 stolen_ns)
{
	push_slice(cpu, owner, pid, end_ns, irq_ns, stolen_ns);
	if (unlikely(cpu->length >= SLICES - 1))
		forget_oldest(past_of(rq), cpu);
}

static __always_inline void end_slice(struct cpu_slices *cpu, struct rq *rq,
				      __u64 owner, __u32 pid, __u64 now)
{
	__u64 irq = irq_time(rq);
	__u64 stolen = stolen_time(rq);

	push(cpu, rq, owner, pid, now, irq - cpu->irq_ns,
	     stolen - cpu->stolen_ns);
	cpu->irq_ns = irq;
	cpu->stolen_ns = stolen;
}

/*
 * Switches happened that no program saw (bpf/README.md says where). Who got
 * the CPU at the last one seen held it until the next; with one missed, that
 * was when the task arrived that leaves now. Its own wait is told late.
 */
static __noinline void make_up(struct cpu_slices *cpu, struct rq *rq,
			       struct task_struct *prev,
			       struct task_struct *next, __u64 now)
{
	__u64 missed = rq->nr_switches - cpu->switches - 1;
	__u64 last = slice_at(cpu, cpu->head)->end_ns;
	bool idle = prev->pid == 0;
	__u64 arrived = idle ? next->sched_info.last_queued
			     : prev->sched_info.last_arrival;
	struct wait *wait;
	__u64 owner, delay;

	cpu->stalls.missed += missed;
	if (arrived < last || arrived > now)
		arrived = idle ? last : now;
	owner = missed == 1 ? cpu->next_owner : OWNER(OWNER_UNOBSERVED, 0);
	if (arrived > last)
		push(cpu, rq, owner, cpu->next_pid, arrived, 0, 0);

	wait = idle ? NULL : wait_of(prev);
	if (!wait)
		return;
	delay = prev->sched_info.run_delay - wait->delay_ns;
	wait->delay_ns = prev->sched_info.run_delay;
	if (delay && delay < arrived) {
		__u64 victim = cgroup_of(prev);
		__u64 queued = arrived - delay;
		__u64 throttled =
			charge_throttle(prev, wait, victim, queued, arrived);

		/* With more missed, it may be several waits. */
		if (missed == 1)
			tell_if_long(cpu, rq, prev, victim, wait, throttled,
				     queued, arrived);
		if (throttled < delay)
			look_back(cpu, past_of(rq), victim, queued + throttled,
				  arrived);
	}
}

static __noinline void begin(struct cpu_slices *cpu, struct rq *rq, __u64 now)
{
	struct slice *first = slice_at(cpu, cpu->head);

	first->end_ns = now;
	first->owner = OWNER(OWNER_UNOBSERVED, 0);
	cpu->irq_ns = irq_time(rq);
	cpu->stolen_ns = stolen_time(rq);
}

/* `task` gets the CPU: what it waited since it was queued here has its end. */
static __always_inline void end_wait(struct cpu_slices *cpu, struct rq *rq,
				     struct task_struct *task, __u64 victim,
				     __u64 now)
{
	__u64 queued = task->sched_info.last_queued;
	__u64 waited = queued && queued < now ? now - queued : 0;
	__u64 delay = task->sched_info.run_delay;
	struct wait *wait = wait_of(task);
	struct slice *last;
	__u64 throttled;

	if (unlikely(!wait))
		wait = begin_wait(task, now);
	else if (unlikely(delay > wait->delay_ns))
		/* Counted by the kernel where no program of ours ran. */
		accuse(victim, OWNER(OWNER_UNOBSERVED, 0), 0,
		       delay - wait->delay_ns);
	if (likely(wait)) {
		wait->delay_ns = delay + waited;
		wait->touched_ns = now;
	}
	if (!waited)
		return;

	throttled = charge_throttle(task, wait, victim, queued, now);
	tell_if_long(cpu, rq, task, victim, wait, throttled, queued, now);
	queued += throttled;
	if (queued >= now)
		return;
	last = slice_at(cpu, cpu->head);
	if (likely(cpu->length) &&
	    queued >= slice_at(cpu, cpu->head - 1)->end_ns &&
	    likely(!(last->irq_ns | last->stolen_ns)))
		accuse_soon(cpu, victim, last->owner, last->pid, now - queued);
	else
		look_back(cpu, past_of(rq), victim, queued, now);
}

static __always_inline void on_cpu_switch(struct cpu_slices *cpu, struct rq *rq,
					  struct task_struct *prev,
					  struct task_struct *next)
{
	__u64 now = rq->clock;
	__u64 switches = rq->nr_switches;
	__u64 victim = owner_of(next);
	__u64 owner = cpu->next_owner;

	if (unlikely(switches - cpu->switches != 1 || !cpu->switches)) {
		if (!cpu->switches)
			begin(cpu, rq, now);
		else
			make_up(cpu, rq, prev, next, now);
		cpu->next_css = 0;
	}
	cpu->switches = switches;
	/* Who leaves is who came, and known by then, unless it has moved. */
	if (unlikely((__u64)prev->cgroups != cpu->next_css))
		owner = owner_of(prev);

	end_slice(cpu, rq, owner, prev->tgid, now);
	cpu->next_owner = victim;
	cpu->next_css = (__u64)next->cgroups;
	cpu->next_pid = next->tgid;
	note_throttle(prev, now);
	if (next->pid == 0)
		return;
	if (next->flags & PF_KTHREAD)
		victim = cgroup_of(next);
	end_wait(cpu, rq, next, victim, now);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev,
	     struct task_struct *next)
{
	struct rq *rq = queue_of(next);
	struct cpu_slices *cpu = slices_of(rq);
	__u64 from;

	if (!cpu)
		return 0;
	cpu->stalls.seen += 1;
	from = likely(cpu->stalls.seen & (SAMPLE_RUNS - 1))
		       ? 0
		       : bpf_ktime_get_ns();
	on_cpu_switch(cpu, rq, prev, next);
	if (unlikely(from))
		cpu->stalls.run_ns += estimate(bpf_ktime_get_ns() - from);
	return 0;
}

/*
 * A task that waits goes to wait elsewhere. It is off its old run queue, which
 * is still locked, and what it waited there is in its run delay.
 */
SEC("tp_btf/sched_migrate_task")
int BPF_PROG(on_migrate, struct task_struct *task, int to_cpu)
{
	COUNT_RUN(PROBE_MIGRATE);
	struct cpu_slices *cpu;
	struct rq *rq;
	struct wait *wait;
	__u64 victim, delay, now, last, from, throttled;

	if (task->on_rq != TASK_ON_RQ_MIGRATING)
		return 0;
	rq = queue_of(task);
	cpu = slices_of(rq);
	if (!cpu)
		return 0;
	now = rq->clock;
	delay = task->sched_info.run_delay;
	wait = wait_of(task);
	if (!wait) {
		wait = begin_wait(task, now);
		/* Since its birth it has not run, so this wait is all. */
		if (!wait || task->sched_info.last_arrival) {
			if (wait)
				wait->delay_ns = delay;
			return 0;
		}
	}
	if (delay <= wait->delay_ns) {
		wait->delay_ns = delay;
		return 0;
	}
	delay -= wait->delay_ns;
	wait->delay_ns = task->sched_info.run_delay;
	if (delay >= now)
		return 0;

	victim = cgroup_of(task);
	from = now - delay;
	throttled = charge_throttle(task, wait, victim, from, now);
	tell_if_long(cpu, rq, task, victim, wait, throttled, from, now);
	from += throttled;
	last = slice_at(cpu, cpu->head)->end_ns;
	if (now > last && cpu->switches) {
		/* The slice that is still open. */
		__u64 since = last > from ? last : from;

		if (since < now)
			accuse(victim, cpu->next_owner, cpu->next_pid,
			       now - since);
		now = since;
	}
	if (from < now)
		look_back(cpu, past_of(rq), victim, from, now);
	return 0;
}
