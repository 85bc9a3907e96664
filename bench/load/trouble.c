/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loads of the scenarios. Each waits for a line on standard input, prints
 * a line of JSON when it begins, and another when something is worth telling;
 * times are milliseconds since 1970, as the incidents have them.
 *
 *   storm RATE [COUNT]          children that end at once, then sleeps
 *   churn PARENTS RATE          so many such parents
 *   tree WORKERS RATE COUNT     workers whose children stay, COUNT in all
 *   bomb                        each child forks as its parent does
 *   leak KIB_A_SECOND MAX_MIB   memory that is never freed
 *   files A_SECOND              files that are never closed
 *   zombies COUNT               children that nobody waits for
 *   spin THREADS ON_US OFF_US   threads that compute and sleep
 *   pool THREADS                threads that wait, started at a stroke
 *   writers FOLDER COUNT        processes that each write a file there
 *   crash                       ends by SIGSEGV
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000ull
#define MIB	  (1 << 20)

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void sleep_until(uint64_t at_ns)
{
	struct timespec at = {at_ns / SECOND_NS, at_ns % SECOND_NS};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static void sleep_for_ever(void)
{
	for (;;)
		pause();
}

static void tell(const char *what, long value)
{
	printf("{\"what\":\"%s\",\"value\":%ld,\"at\":%lu}\n", what, value,
	       clock_ns(CLOCK_REALTIME) / 1000000);
	fflush(stdout);
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int fork_or_die(void)
{
	int pid = fork();

	if (pid < 0)
		die("fork");
	return pid;
}

/* Keeps its pace: what came late is caught up with. */
struct pace {
	uint64_t next_ns, gap_ns;
};

static struct pace pace_of(long per_second)
{
	return (struct pace){clock_ns(CLOCK_MONOTONIC), SECOND_NS / per_second};
}

static void keep(struct pace *pace)
{
	pace->next_ns += pace->gap_ns;
	sleep_until(pace->next_ns);
}

static void storm(long per_second, long count)
{
	struct pace pace = pace_of(per_second);

	for (long forks = 0; count == 0 || forks < count; forks++) {
		int pid = vfork();

		if (pid < 0)
			die("vfork");
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		keep(&pace);
	}
	tell("forked", count);
	sleep_for_ever();
}

static void churn(long parents, long per_second)
{
	for (; parents > 0; parents--)
		if (!fork_or_die())
			storm(per_second, 0);
	sleep_for_ever();
}

static void tree(long workers, long per_second, long count)
{
	for (long worker = 0; worker < workers; worker++) {
		struct pace pace = pace_of(per_second);

		if (fork_or_die())
			continue;
		for (long child = 0; child < count / workers; child++) {
			if (!fork_or_die())
				sleep_for_ever();
			keep(&pace);
		}
		sleep_for_ever();
	}
	sleep_for_ever();
}

/* Slow enough to be a tree still, when the limit of pids ends it. */
static void bomb(void)
{
	for (;;) {
		fork();
		usleep(200000);
	}
}

static void leak(long kib_per_second, long max_mib)
{
	struct pace pace = pace_of(10);
	/* A list of all, or the compiler sees that nobody needs them. */
	static char *volatile last;

	for (long kib = 0; kib / 1024 < max_mib; kib += kib_per_second / 10) {
		size_t bytes = kib_per_second / 10 * 1024;
		char *memory = malloc(bytes);

		if (!memory)
			die("malloc");
		memset(memory, 1, bytes);
		*(char **)memory = last;
		last = memory;
		keep(&pace);
	}
	tell("full", max_mib);
	sleep_for_ever();
}

static void files(long per_second)
{
	struct pace pace = pace_of(per_second);
	long count = 0;

	while (open("/dev/null", O_RDONLY) >= 0) {
		count++;
		keep(&pace);
	}
	tell(strerrorname_np(errno), count);
	sleep_for_ever();
}

static void zombies(long count)
{
	for (; count > 0; count--)
		if (!fork_or_die())
			_exit(0);
	sleep_for_ever();
}

struct duty {
	uint64_t on_ns, off_ns;
};

static void *spin(void *argument)
{
	const struct duty *duty = argument;

	for (;;) {
		uint64_t end_ns =
			clock_ns(CLOCK_THREAD_CPUTIME_ID) + duty->on_ns;

		while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end_ns)
			;
		if (duty->off_ns)
			sleep_until(clock_ns(CLOCK_MONOTONIC) + duty->off_ns);
	}
	return NULL;
}

static void *rest(void *argument)
{
	(void)argument;
	sleep_for_ever();
	return NULL;
}

static void threads(long count, void *(*body)(void *), void *argument)
{
	pthread_t thread;

	for (; count > 0; count--)
		if (pthread_create(&thread, NULL, body, argument))
			die("pthread_create");
	sleep_for_ever();
}

static void writers(const char *folder, long count)
{
	char path[512];

	for (; count > 0; count--) {
		if (fork_or_die())
			continue;
		snprintf(path, sizeof(path), "%s/%ld", folder, count);
		int file = open(path, O_WRONLY | O_CREAT, 0600);

		if (file < 0 || write(file, "x", 1) != 1)
			die(path);
		sleep_for_ever();
	}
	sleep_for_ever();
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	const char *word = argc > 2 ? argv[2] : "";
	long numbers[3] = {0};
	char line[64];

	for (int at = 2; at < argc && at < 5; at++)
		numbers[at - 2] = strtol(argv[at], NULL, 10);
	if (!strcmp(kind, "crash"))
		raise(SIGSEGV);
	if (!fgets(line, sizeof(line), stdin))
		return 0;
	tell("began", 0);
	if (!strcmp(kind, "storm"))
		storm(numbers[0], numbers[1]);
	if (!strcmp(kind, "churn"))
		churn(numbers[0], numbers[1]);
	if (!strcmp(kind, "tree"))
		tree(numbers[0], numbers[1], numbers[2]);
	if (!strcmp(kind, "bomb"))
		bomb();
	if (!strcmp(kind, "leak"))
		leak(numbers[0], numbers[1]);
	if (!strcmp(kind, "files"))
		files(numbers[0]);
	if (!strcmp(kind, "zombies"))
		zombies(numbers[0]);
	if (!strcmp(kind, "spin"))
		threads(numbers[0], spin,
			&(struct duty){numbers[1] * 1000, numbers[2] * 1000});
	if (!strcmp(kind, "pool"))
		threads(numbers[0], rest, NULL);
	if (!strcmp(kind, "writers"))
		writers(word, numbers[1]);
	fprintf(stderr, "trouble: see the comment at the head of trouble.c\n");
	return 2;
}
