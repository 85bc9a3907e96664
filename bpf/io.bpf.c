// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Whose requests to a block device made whose wait. A model, not a
 * measurement: see device.bpf.h.
 *
 * Attached only while user space wants it; before, it empties `io_requests`
 * and `io_devices`, as what ends meanwhile is not seen.
 */
#include "ending.bpf.h"
#include "flight.bpf.h"
#include "issuer.bpf.h"
#include "settle.bpf.h"
#include "cost.bpf.h"
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline struct io_line *line_of(struct io_device *device,
					       __u8 operation)
{
	return operation == REQ_OP_READ ? &device->reads : &device->writes;
}

/*
 * What it costs by its line, of its owner and all alike. A flush is most of
 * what its request takes, which may have no data at all.
 */
static __always_inline void price(struct io_device *device,
				  struct io_request *entry)
{
	struct io_line *line = line_of(device, entry->operation);
	bool known = is_calibrated(line);

	/* Others move no data: a discard costs what there being one costs. */
	entry->cost = cost_of(
		line, entry->operation > REQ_OP_WRITE ? 0 : entry->bytes);
	if (entry->flushes) {
		__u64 dearer = device->flushes.ns >> COST_NS_SHIFT;

		entry->cost += dearer < COST_MAX ? dearer : COST_MAX;
		known = known && is_known(&device->flushes);
	}
	entry->alone_ns = known ? entry->cost << COST_NS_SHIFT : 0;
}

/* What it took teaches what the next like it will cost. */
static __always_inline void learn(struct io_device *device,
				  const struct io_request *entry, __u64 ns)
{
	bool alone =
		device->alone_ns == entry->began_ns && device->requests == 1;

	if (entry->weightless || entry->operation > REQ_OP_WRITE)
		return;
	if (entry->first)
		note_joined(device, !alone);
	if (entry->flushes && entry->first)
		calibrate_flush(&device->flushes, ns,
				device->weight - entry->cost);
	if (!entry->flushes && entry->bytes && alone)
		calibrate(device, line_of(device, entry->operation),
			  entry->bytes, ns);
}

static __always_inline int begin_request(struct request *request,
					 struct issuer *issuer)
{
	__u64 key = (__u64)request;
	struct gendisk *disk = request->q->disk;
	struct io_request entry = {};
	struct io_request *known;
	struct io_device *device;
	struct io_owner *owner;
	__u64 now;
	__u32 i;

	if (!disk || !request->bio)
		return 0;
	entry.device = (__u32)disk->major << 20 | (__u32)disk->first_minor;
	entry.bytes = request->__data_len;
	entry.operation = request->cmd_flags & REQ_OP_MASK;
	entry.flushes = flushes(request);
	entry.victim = issuer->victim;
	device = device_of(entry.device);
	if (!device)
		return 0;
	known = bpf_map_lookup_elem(&io_requests, &key);
	if (known)
		end_missed(known);
	now = bpf_ktime_get_ns();
	reap(device, entry.device, now);

	bpf_spin_lock(&device->lock);
	now = pass_time(device, now);
	price(device, &entry);
	entry.first = !device->requests;
	entry.began_ns = now;
	entry.place = place_of(device, issuer->owner, now);
	device->alone_ns = device->requests ? 0 : now;
	device->began += 1;
	device->requests += 1;
	device->weight += entry.cost;
	owner = &device->owners[entry.place];
	owner->requests += 1;
	owner->weight += entry.cost;
	owner->active_ns = now;
	if (issuer->pid)
		owner->pid = issuer->pid;
	for (i = 0; i < IO_OWNERS; i++)
		entry.held_ns[i] = device->owners[i].held_ns;
	bpf_spin_unlock(&device->lock);

	if (bpf_map_update_elem(&io_requests, &key, &entry, BPF_ANY)) {
		bpf_spin_lock(&device->lock);
		take_off(device, &entry);
		device->missed += 1;
		bpf_spin_unlock(&device->lock);
	}
	return 0;
}

static __always_inline int end_request(struct request *request, __u64 now)
{
	__u64 key = (__u64)request;
	struct io_request *entry = bpf_map_lookup_elem(&io_requests, &key);
	struct io_charges charges = {};
	struct io_device *device;
	__u64 from;
	__u32 class, i;

	if (!entry)
		return 0;
	device = bpf_map_lookup_elem(&io_devices, &entry->device);
	if (!device)
		return 0;
	charges.victim = entry->victim;
	charges.began_ns = entry->began_ns;
	charges.own = entry->place;
	class = latency_class(now - entry->began_ns);

	bpf_spin_lock(&device->lock);
	now = pass_time(device, now);
	for (i = 0; i < IO_OWNERS; i++) {
		struct io_owner *owner = &device->owners[i];

		charges.by[i].owner = owner->owner;
		charges.by[i].ns = owner->held_ns - entry->held_ns[i];
		charges.by[i].since_ns = owner->since_ns;
		charges.by[i].pid = owner->pid;
	}
	from = counted_from(request, entry->began_ns);
	charges.latency = now > from ? now - from : 0;
	if (entry->place < IO_OWNERS)
		charges.alone_ns = alone_now(&device->owners[entry->place],
					     entry->alone_ns, charges.latency);
	device->ended += 1;
	device->latency_ns += charges.latency;
	if (class < IO_LATENCIES)
		device->latencies[class] += 1;
	learn(device, entry, now - entry->began_ns);
	take_off(device, entry);
	bpf_spin_unlock(&device->lock);

	bpf_map_delete_elem(&io_requests, &key);
	settle_request(&charges);
	return 0;
}

/*
 * Since 6.5, "block: introduce block_io_start/block_io_done tracepoints": in
 * the issuer's context, before any queue.
 */
SEC("tp_btf/block_io_start")
int BPF_PROG(on_io_start, struct request *request)
{
	COUNT_RUN(PROBE_IO_START);
	struct issuer issuer = {};

	find_issuer(&issuer, request);
	return begin_request(request, &issuer);
}

/*
 * Before, all that there is: after the queue, and in anybody's context, so
 * that only what the kernel keeps tells whose it is.
 */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(on_io_issue, struct request *request)
{
	COUNT_RUN(PROBE_IO_START);
	struct blkcg *blkcg = blkcg_of(request);
	struct issuer issuer = {};

	if (blkcg)
		issuer.owner = io_owner_of(blkcg->css.cgroup);
	else
		issuer.owner = OWNER(OWNER_KERNEL, KERNEL_OTHER);
	issuer.victim = issuer.owner;
	return begin_request(request, &issuer);
}

SEC("tp_btf/block_io_done")
int BPF_PROG(on_io_done, struct request *request)
{
	/* Before anything else: the kernel read its own just now. */
	__u64 now = bpf_ktime_get_ns();

	COUNT_RUN(PROBE_IO_DONE);
	if (!is_told_when_done(request) || waits_for_flush(request))
		return 0;
	return end_request(request, now);
}

/* A part of a request may be complete before the rest is. */
SEC("tp_btf/block_rq_complete")
int BPF_PROG(on_io_complete, struct request *request, blk_status_t error,
	     unsigned int bytes)
{
	COUNT_RUN(PROBE_IO_COMPLETE);
	if (bytes < request->__data_len || is_told_when_done(request) ||
	    waits_for_flush(request))
		return 0;
	return end_request(request, bpf_ktime_get_ns());
}

/* What another request took in ends with it, but is not told of again. */
SEC("tp_btf/block_rq_merge")
int BPF_PROG(on_io_merge, struct request *request)
{
	COUNT_RUN(PROBE_IO_MERGE);
	return end_request(request, bpf_ktime_get_ns());
}
