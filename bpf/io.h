/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Requests to block devices, as the probes tell them to user space: map
 * `io_devices`. Times are nanoseconds.
 */
#ifndef CULPRIT_IO_H
#define CULPRIT_IO_H

#include "blame.h"

/* Owners with requests in flight at a device; the last place is the rest's. */
#define IO_OWNERS 9
#define IO_OTHERS (IO_OWNERS - 1)

/* Latencies by powers of two of a microsecond, up to 8 s. */
#define IO_LATENCIES 24

/* Whose requests they are. */
struct io_owner {
	__u64 owner;
	__u64 weight;	 /* what its requests in flight cost together */
	__u64 held_ns;	 /* its share of the device's time; only grows */
	__u64 since_ns;	 /* it has this place */
	__u64 active_ns; /* when its last request began */
	__u64 spare_ns;	 /* its requests took less than alone by so much */
	__u32 requests;
	__u32 pid; /* of who made the last */
};

/*
 * Service times of requests that were alone: means over the last thousand or
 * so. The pace of a disk that others use too, on other machines, changes from
 * one moment to the next by more than a neighbour here slows it down.
 */
struct io_mean {
	__u64 bytes;
	__u64 ns;
	__u64 requests;	 /* up to 1024 */
	__u64 all_bytes; /* of so many together: rounded off is only the mean */
	__u64 all_ns;
};

struct io_line {
	struct io_mean small;
	struct io_mean large;
};

/* include/uapi/linux/bpf.h */
struct bpf_spin_lock {
	__u32 val;
};

struct io_device {
	struct bpf_spin_lock lock;
	__u32 requests;
	__u64 weight;
	__u64 at_ns; /* up to when its time is dealt out */
	__u64 reaped_ns;
	__u64 began; /* requests, since it was first seen */
	__u64 ended;
	__u64 latency_ns; /* of those that ended */
	__u64 missed;	  /* their end was not seen: they began again */
	__u64 stale;	  /* taken for missed: much slower than all others */
	__u64 alone_ns;	  /* when the only request in flight began, or 0 */
	__u64 joined;	  /* by others, of those that began alone; 65536ths */
	struct io_line reads;
	struct io_line writes;
	struct io_mean flushes; /* beyond what the data cost; no bytes */
	__u32 latencies[IO_LATENCIES];
	struct io_owner owners[IO_OWNERS];
};

_Static_assert(sizeof(struct io_owner) == 56, "no holes");
_Static_assert(sizeof(struct io_device) == 888, "no holes");

#endif
