/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Requests in flight, and what becomes of those whose end was missed: of a
 * thousand, up to seven are on the machine of our tests (bpf/README.md).
 */
#ifndef CULPRIT_FLIGHT_BPF_H
#define CULPRIT_FLIGHT_BPF_H

#include "device.bpf.h"

#define IO_REQUESTS   2048
#define REAP_EVERY_NS 250000000ULL
#define FORGET_NS     60000000000ULL

/* A request in flight. Its device's lock guards what changes. */
struct io_request {
	__u64 began_ns;
	__u64 victim;
	__u32 device;
	__u32 place;
	__u32 cost;
	__u32 bytes;
	__u8 operation;
	__u8 weightless; /* its weight is no more with the device */
	__u8 flushes;	 /* and makes the device write down what it holds */
	__u8 first;	 /* the device had nothing to do when it began */
	__u32 alone_ns;	 /* what it would take alone; 0 if unknown */
	__u64 held_ns[IO_OWNERS]; /* the owners' clocks as it began */
};

/* By address: the bio is gone when a request ends. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, IO_REQUESTS);
	__type(key, __u64);
	__type(value, struct io_request);
} io_requests SEC(".maps");

/* By major << 20 | minor. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct io_device);
} io_devices SEC(".maps");

static const struct io_device new_device;

static __always_inline struct io_device *device_of(__u32 number)
{
	struct io_device *device = bpf_map_lookup_elem(&io_devices, &number);

	if (device)
		return device;
	bpf_map_update_elem(&io_devices, &number, &new_device, BPF_NOEXIST);
	return bpf_map_lookup_elem(&io_devices, &number);
}

/* Its weight no longer counts. With the device's lock held. */
static __always_inline void take_off(struct io_device *device,
				     struct io_request *entry)
{
	struct io_owner *owner;
	__u32 place = entry->place;

	if (entry->weightless || place >= IO_OWNERS)
		return;
	entry->weightless = 1;
	owner = &device->owners[place];
	/* Both are zero after user space emptied the maps. */
	if (owner->weight < entry->cost || device->weight < entry->cost)
		return;
	owner->weight -= entry->cost;
	owner->requests -= 1;
	device->weight -= entry->cost;
	device->requests -= 1;
}

struct reaping {
	__u64 now;
	__u64 stale_ns;
	__u32 device;
};

/*
 * A request that takes that long has most likely ended unseen. If not, it
 * keeps its entry, and is charged in full when it does end.
 */
static long reap_request(void *map, __u64 *key, struct io_request *entry,
			 struct reaping *reaping)
{
	struct io_device *device;
	__u64 age = reaping->now - entry->began_ns;

	if (entry->device != reaping->device || entry->began_ns > reaping->now)
		return 0;
	if (age > FORGET_NS) {
		bpf_map_delete_elem(&io_requests, key);
		return 0;
	}
	if (age < reaping->stale_ns || entry->weightless)
		return 0;
	device = bpf_map_lookup_elem(&io_devices, &reaping->device);
	if (!device)
		return 0;
	bpf_spin_lock(&device->lock);
	if (!entry->weightless) {
		take_off(device, entry);
		device->stale += 1;
	}
	bpf_spin_unlock(&device->lock);
	return 0;
}

/* By whoever begins next: while nobody does, nobody is charged. */
static __always_inline void reap(struct io_device *device, __u32 number,
				 __u64 now)
{
	struct reaping reaping = {.now = now, .device = number};

	if (now - device->reaped_ns < REAP_EVERY_NS)
		return;
	device->reaped_ns = now;
	reaping.stale_ns = stale_after(device);
	bpf_for_each_map_elem(&io_requests, reap_request, &reaping, 0);
}

/* The same address began before: its end was missed. */
static __always_inline void end_missed(struct io_request *entry)
{
	struct io_device *device =
		bpf_map_lookup_elem(&io_devices, &entry->device);

	if (!device)
		return;
	bpf_spin_lock(&device->lock);
	take_off(device, entry);
	device->missed += 1;
	bpf_spin_unlock(&device->lock);
}

#endif
