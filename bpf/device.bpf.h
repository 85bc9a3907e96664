/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A block device as a processor that all requests in flight share, each by
 * what it costs. Each owner has a clock that runs at its share:
 *
 *   d(held of X)/dt = weight of X / weight of all
 *
 * A request notes all clocks as it begins. What they have moved when it ends
 * is whose requests it waited for, itself included, and adds up to its
 * latency. So a request whose end nobody saw is charged to nobody.
 *
 * All of this is called with the device's lock held.
 */
#ifndef CULPRIT_DEVICE_BPF_H
#define CULPRIT_DEVICE_BPF_H

#include "process.bpf.h"

#include "io.h"

#define COST_NS_SHIFT	6
#define COST_MAX	(1 << 20)
#define DEAR_NS		(1ULL << 32)
#define SMALL_BYTES	32768
#define MEAN_OF		1024
#define MEAN_WHOLE	32
#define MEAN_KNOWN	8
#define JOINED_OF	32
#define ALL_JOINED	65536
#define SPARE_REQUESTS	16
#define BYTES_AS_FIXED	65536ULL
#define STALE_NS_MIN	50000000ULL
#define STALE_LATENCIES 20

/*
 * Deals out the time since the last call. The clock, as this device has it.
 * Few branches: the verifier walks each of them for each owner.
 */
static __always_inline __u64 pass_time(struct io_device *device, __u64 now)
{
	__u64 from = device->at_ns;
	__u64 whole = device->weight;
	__u64 ns, rest;
	__u32 shift;
	int i;

	/* Another CPU read its clock later, and got the lock earlier. */
	if (now <= from)
		return from;
	device->at_ns = now;
	if (!whole)
		return now;
	ns = rest = now - from;
	shift = ns < DEAR_NS ? 0 : 16;
	for (i = 0; i < IO_OWNERS; i++) {
		struct io_owner *owner = &device->owners[i];
		__u64 part;

		if (!owner->weight)
			continue;
		part = (ns >> shift) * owner->weight / whole << shift;
		owner->held_ns += part;
		rest -= part;
	}
	/* What the divisions left over is dealt out next time. */
	device->at_ns = now - rest;
	return now;
}

/* Its place, or that of the one that did without requests longest. */
static __always_inline __u32 place_of(struct io_device *device, __u64 owner,
				      __u64 now)
{
	__u64 oldest_ns = ~0ULL;
	__u32 free = IO_OTHERS;
	__u32 i;

	for (i = 0; i < IO_OTHERS; i++) {
		struct io_owner *place = &device->owners[i];

		if (place->owner == owner && place->since_ns)
			return i;
		if (!place->requests && place->active_ns < oldest_ns) {
			oldest_ns = place->active_ns;
			free = i;
		}
	}
	if (free < IO_OTHERS) {
		device->owners[free].owner = owner;
		device->owners[free].since_ns = now;
		device->owners[free].spare_ns = 0;
		return free;
	}
	device->owners[IO_OTHERS].owner = OWNER(OWNER_OTHER, 0);
	return IO_OTHERS;
}

static __always_inline void note_mean(struct io_mean *mean, __u64 bytes,
				      __u64 ns)
{
	if (mean->requests < MEAN_OF) {
		mean->requests += 1;
	} else {
		mean->all_bytes -= mean->bytes;
		mean->all_ns -= mean->ns;
	}
	mean->all_bytes += bytes;
	mean->all_ns += ns;
	mean->bytes = mean->all_bytes / mean->requests;
	mean->ns = mean->all_ns / mean->requests;
}

/* One that found the device asleep, or a cache cold, is no mean yet. */
static __always_inline bool is_known(const struct io_mean *mean)
{
	return mean->requests >= MEAN_KNOWN;
}

/* Whether a request that began alone had company before its end. */
static __always_inline void note_joined(struct io_device *device, bool joined)
{
	device->joined -= device->joined / JOINED_OF;
	if (joined)
		device->joined += ALL_JOINED / JOINED_OF;
}

/*
 * A request had the device for itself: what it took is what it costs. While
 * many are joined by others that is the quick ones, so a whole mean stays.
 */
static __always_inline void
calibrate(struct io_device *device, struct io_line *line, __u64 bytes, __u64 ns)
{
	struct io_mean *mean =
		bytes < SMALL_BYTES ? &line->small : &line->large;

	if (device->joined < ALL_JOINED / 8 || mean->requests < MEAN_WHOLE)
		note_mean(mean, bytes, ns);
}

/*
 * As it began the device had nothing to do, so it took what it costs, and what
 * those cost that came to wait meanwhile.
 */
static __always_inline void calibrate_flush(struct io_mean *flushes, __u64 ns,
					    __u64 others)
{
	others <<= COST_NS_SHIFT;
	if (ns > 2 * others)
		note_mean(flushes, 0, ns - others);
}

static __always_inline bool is_calibrated(const struct io_line *line)
{
	return is_known(&line->small) || is_known(&line->large);
}

/*
 * What this request would have taken alone, if requests like it take `alone_ns`
 * on the mean. What some took less is set against what the next take more: a
 * device of uneven pace keeps its mean, and nobody is accused of its slow half.
 */
static __always_inline __u64 alone_now(struct io_owner *owner, __u64 alone_ns,
				       __u64 latency_ns)
{
	__u64 most = alone_ns * SPARE_REQUESTS;
	__u64 used;

	if (!alone_ns)
		return 0;
	if (latency_ns < alone_ns) {
		owner->spare_ns += alone_ns - latency_ns;
		if (owner->spare_ns > most)
			owner->spare_ns = most;
		return alone_ns;
	}
	used = latency_ns - alone_ns;
	if (used > owner->spare_ns)
		used = owner->spare_ns;
	owner->spare_ns -= used;
	return alone_ns + used;
}

/*
 * c0 + c1 * bytes, the line through the mean of the small requests and that of
 * the large (Wald's method: A. Wald, "The fitting of straight lines if both
 * variables are subject to error", 1940). Until both are known, 64 KiB cost as
 * much as there being a request at all.
 */
static __always_inline __u64 cost_of(const struct io_line *line, __u64 bytes)
{
	const struct io_mean *small = &line->small;
	const struct io_mean *large = &line->large;
	const struct io_mean *known = is_known(small) ? small : large;
	__u64 ns, dearer;

	if (is_known(small) && is_known(large) && large->ns > small->ns &&
	    large->bytes > small->bytes) {
		dearer = large->ns - small->ns;
		if (bytes >= small->bytes) {
			ns = small->ns + dearer * (bytes - small->bytes) /
						 (large->bytes - small->bytes);
		} else {
			ns = dearer * (small->bytes - bytes) /
			     (large->bytes - small->bytes);
			ns = ns < small->ns ? small->ns - ns : 0;
		}
	} else if (is_known(known)) {
		ns = known->ns * (BYTES_AS_FIXED + bytes) /
		     (BYTES_AS_FIXED + known->bytes);
	} else {
		ns = BYTES_AS_FIXED + bytes;
	}
	ns >>= COST_NS_SHIFT;
	return ns < 1 ? 1 : ns < COST_MAX ? ns : COST_MAX;
}

/* Global, so that its result is one state to the verifier, not many. */
__noinline int latency_class(__u64 ns)
{
	__u64 us = ns >> 10;
	int class = 0;
	int i;

	for (i = 0; i < IO_LATENCIES - 1 && us > 1; i++) {
		us >>= 1;
		class += 1;
	}
	return class;
}

/* Longer than a request takes here: 20 times what 99 of 100 take at most. */
static __always_inline __u64 stale_after(const struct io_device *device)
{
	__u64 all = 0, so_far = 0, ns;
	int i;

	for (i = 0; i < IO_LATENCIES; i++)
		all += device->latencies[i];
	for (i = 0; i < IO_LATENCIES - 1; i++) {
		so_far += device->latencies[i];
		if (so_far * 100 >= all * 99)
			break;
	}
	ns = (1024ULL << (i + 1)) * STALE_LATENCIES;
	return ns > STALE_NS_MIN ? ns : STALE_NS_MIN;
}

#endif
