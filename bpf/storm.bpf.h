/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A leaky bucket per parent and per cgroup. Each new process pours one drop,
 * the bucket drains at storm_rate_per_second, and above storm_burst drops it
 * runs over. The level is kept as the time at which the bucket will be empty:
 *
 *     now            empty_at_ns
 *      |------ level ------|      one drop = 1 s / rate
 *
 * so a drop is one addition, and draining costs nothing. How many fell since it
 * was last empty is (empty_at_ns - since_ns) / drop.
 */
#ifndef CULPRIT_STORM_BPF_H
#define CULPRIT_STORM_BPF_H

#include "ring.bpf.h"
#include "process.bpf.h"

#define SECOND_NS	    1000000000ULL
#define STORM_REPORT_GAP_NS 250000000ULL
#define STORM_BUCKETS	    2048

const volatile __u32 storm_rate_per_second = 20;
const volatile __u32 storm_burst = 100;

struct bucket_key {
	__u64 id; /* of a cgroup, or a pid */
	__u64 scope;
};

struct bucket {
	__u64 started_ns; /* of the parent: a pid reused is another bucket */
	__u64 empty_at_ns;
	__u64 since_ns; /* when it was last empty */
	__u64 reported_ns;
};

/* Least recently used: a bucket that nobody pours into is empty anyway. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, STORM_BUCKETS);
	__type(key, struct bucket_key);
	__type(value, struct bucket);
} buckets SEC(".maps");

static __always_inline struct bucket *bucket_of(__u64 scope, __u64 id,
						__u64 started_ns, __u64 now)
{
	struct bucket_key key = {.id = id, .scope = scope};
	struct bucket empty = {
		.started_ns = started_ns,
		.empty_at_ns = now,
		.since_ns = now,
	};
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, &key);

	if (bucket && bucket->started_ns == started_ns)
		return bucket;
	bpf_map_update_elem(&buckets, &key, &empty, BPF_ANY);
	return bpf_map_lookup_elem(&buckets, &key);
}

static __always_inline __u64 drop_ns(void)
{
	return SECOND_NS / (storm_rate_per_second ?: 1);
}

/* True when it is over its brim and due for a report. */
static __always_inline bool pour(struct bucket *bucket, __u64 now)
{
	__u64 empty_at = bucket->empty_at_ns;
	__u64 reported = bucket->reported_ns;
	__u64 drop = drop_ns();

	if (empty_at <= now &&
	    __sync_val_compare_and_swap(&bucket->empty_at_ns, empty_at, now) ==
		    empty_at)
		bucket->since_ns = now;
	empty_at = __sync_fetch_and_add(&bucket->empty_at_ns, drop) + drop;

	if (empty_at <= now + storm_burst * drop)
		return false;
	if (now - reported < STORM_REPORT_GAP_NS)
		return false;
	return __sync_val_compare_and_swap(&bucket->reported_ns, reported,
					   now) == reported;
}

static __always_inline void report_storm(struct bucket *bucket, __u32 scope,
					 struct task_struct *parent,
					 __u64 cgroup_id, __u64 now)
{
	struct storm_event *event = reserve(EVENT_STORM, sizeof(*event));

	if (!event)
		return;
	event->header.kind = EVENT_STORM;
	event->header.pid = scope == STORM_OF_PARENT ? parent->tgid : 0;
	event->header.started_ns = bucket->started_ns;
	event->header.at_ns = now;
	event->cgroup_id = cgroup_id;
	event->scope = scope;
	event->forks = (bucket->empty_at_ns - bucket->since_ns) / drop_ns();
	event->window_ns = now - bucket->since_ns;
	submit(event);
}

/* A process, not a thread, was born to `parent` in `cgroup_id`. */
static __always_inline void watch_for_storm(struct task_struct *parent,
					    __u64 cgroup_id, __u64 now)
{
	struct bucket *bucket;

	bucket = bucket_of(STORM_OF_PARENT, parent->tgid, started_ns(parent),
			   now);
	if (bucket && pour(bucket, now))
		report_storm(bucket, STORM_OF_PARENT, parent, cgroup_id, now);

	bucket = bucket_of(STORM_OF_CGROUP, cgroup_id, 0, now);
	if (bucket && pour(bucket, now))
		report_storm(bucket, STORM_OF_CGROUP, parent, cgroup_id, now);
}

#endif
