/* SPDX-License-Identifier: Apache-2.0 */
/* What the loads of stall.c share. One process plays one role. */
#ifndef STALL_H
#define STALL_H

#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATH_BYTES 256

/* What a role did, for whoever asks. */
struct report {
	uint64_t operations;
	uint64_t operation_ns;
	uint64_t ended_delay_ns; /* run delay of children that are no more */
};

extern struct role {
	char kind[16], path[PATH_BYTES];
	long cpu, threads, on_us, off_us, fifo, bytes, direct, sync;
	struct report *report;
} role;

static inline void die(const char *what)
{
	perror(what);
	exit(2);
}

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static inline void sleep_us(long us)
{
	struct timespec left = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&left, NULL);
}

static inline void burn_us(long us)
{
	uint64_t end = clock_ns(CLOCK_THREAD_CPUTIME_ID) + us * 1000ull;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static inline void add(uint64_t *sum, uint64_t more)
{
	__sync_fetch_and_add(sum, more);
}

/* In `threads` threads, this one among them. */
static inline void *in_parallel(void *(*work)(void *))
{
	pthread_t thread;

	for (long more = 1; more < role.threads; more++)
		if (pthread_create(&thread, NULL, work, NULL))
			die("pthread_create");
	return work(NULL);
}

void *spin(void *unused);
void *hold_lock(void *unused);
void converse(void);
void breed(void);
void prepare_flood(void);
void flood(void);
void *read_file(void *unused);
void *write_file(void *unused);

#endif
