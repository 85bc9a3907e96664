/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two processes on one CPU that wait for each other through pipes, each in a
 * cgroup of its own, so that each is the other's victim and offender.
 *
 *   CPU PROCS PROCS rounds COUNT          as fast as they can
 *   CPU PROCS PROCS paced RATE MS         RATE switches a second, in bursts
 *
 * Prints one line of JSON: the context switches of both, and their CPU time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BURSTS_PER_SECOND 1000

struct pair {
	int there[2], back[2];
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void enter(const char *procs)
{
	int file = open(procs, O_WRONLY);

	if (file < 0 || write(file, "0", 1) != 1)
		die(procs);
	close(file);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static void echo(const struct pair *pair)
{
	char byte;

	close(pair->there[1]);
	while (read(pair->there[0], &byte, 1) == 1)
		if (write(pair->back[1], &byte, 1) != 1)
			break;
	_exit(0);
}

static void play(const struct pair *pair, long rounds)
{
	char byte = 0;

	while (rounds-- > 0)
		if (write(pair->there[1], &byte, 1) != 1 ||
		    read(pair->back[0], &byte, 1) != 1)
			die("pipe");
}

/* Two switches a round, and two more for the rest between two bursts. */
static void play_paced(const struct pair *pair, long rate, long ms)
{
	long rounds = rate / BURSTS_PER_SECOND / 2 - 1;
	struct timespec due;

	clock_gettime(CLOCK_MONOTONIC, &due);
	for (long left = ms * BURSTS_PER_SECOND / 1000; left > 0; left--) {
		play(pair, rounds);
		due.tv_nsec += 1000000000 / BURSTS_PER_SECOND;
		if (due.tv_nsec >= 1000000000) {
			due.tv_nsec -= 1000000000;
			due.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
	}
}

static uint64_t cpu_us(const struct rusage *used)
{
	return used->ru_utime.tv_sec * 1000000ull + used->ru_utime.tv_usec +
	       used->ru_stime.tv_sec * 1000000ull + used->ru_stime.tv_usec;
}

static int tell(void)
{
	struct rusage own, child;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &child);
	printf("{\"switches\":%ld,\"cpuUs\":%lu}\n",
	       own.ru_nvcsw + own.ru_nivcsw + child.ru_nvcsw + child.ru_nivcsw,
	       cpu_us(&own) + cpu_us(&child));
	return 0;
}

int main(int argc, char **argv)
{
	struct pair pair;
	int pid;

	if (argc < 6 || pipe(pair.there) || pipe(pair.back)) {
		fprintf(stderr, "pingpong: see the comment at its head\n");
		return 2;
	}
	stay_on(atoi(argv[1]));
	pid = fork();
	if (pid < 0)
		die("fork");
	enter(argv[pid ? 2 : 3]);
	if (!pid)
		echo(&pair);
	if (!strcmp(argv[4], "rounds"))
		play(&pair, atol(argv[5]));
	else
		play_paced(&pair, atol(argv[5]), atol(argv[6]));
	close(pair.there[1]);
	waitpid(pid, NULL, 0);
	return tell();
}
