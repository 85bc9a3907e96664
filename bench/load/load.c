/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loads of the benches. In C, and one static binary without a libc behind
 * it at run time, so that what is measured is the kernel and Culprit.
 *
 *   (nothing)                             ends at once
 *   burn CPU_MS LIVE_MS ok|error|signal   one process of a known cost and end
 *   launch PROCS_FILE SPEC                enter a cgroup, start what SPEC lists
 *   forks COUNT                           fork, exit, wait, again
 *   spawns COUNT PATH                     vfork, exec, exit, wait, again
 *   sleepers COUNT                        children that sleep until stdin ends
 *   replace PROCS_FILE LIVE TOTAL         enter a cgroup, start LIVE sleepers,
 *                                         replace them one by one
 *
 * Each prints one line of JSON with what it truly did.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void sleep_ms(long ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static void burn_ms(uint64_t ms)
{
	while (clock_ns(CLOCK_PROCESS_CPUTIME_ID) < ms * 1000000)
		;
}

static int burn(char **args)
{
	burn_ms(strtoull(args[0], NULL, 10));
	sleep_ms(strtol(args[1], NULL, 10));
	if (!strcmp(args[2], "signal"))
		kill(getpid(), SIGKILL);
	return !strcmp(args[2], "error");
}

static uint64_t usage_us(const struct rusage *used)
{
	return used->ru_utime.tv_sec * 1000000ull + used->ru_utime.tv_usec +
	       used->ru_stime.tv_sec * 1000000ull + used->ru_stime.tv_usec;
}

struct truth {
	uint64_t started, ok, error, signal;
};

static int reap(struct truth *truth, int flags)
{
	int status, pid = waitpid(-1, &status, flags);

	if (pid <= 0)
		return 0;
	if (WIFSIGNALED(status))
		truth->signal++;
	else if (WEXITSTATUS(status))
		truth->error++;
	else
		truth->ok++;
	return 1;
}

static int tell(const struct truth *truth, uint64_t began_ns)
{
	/* The sum of the children, not a sum of what wait4 tells of each: that
	 * is cut to microseconds, which is 3 % of a process of 30 us. */
	struct rusage own, children;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("{\"started\":%lu,\"ok\":%lu,\"error\":%lu,\"signal\":%lu,"
	       "\"childCpuUs\":%lu,\"ownCpuUs\":%lu,\"wallNs\":%lu}\n",
	       truth->started, truth->ok, truth->error, truth->signal,
	       usage_us(&children), usage_us(&own),
	       clock_ns(CLOCK_MONOTONIC) - began_ns);
	fflush(stdout);
	return 0;
}

static void enter(const char *procs_file)
{
	int procs = open(procs_file, O_WRONLY);

	if (procs < 0 || write(procs, "0", 1) != 1)
		die(procs_file);
	close(procs);
}

/* SPEC: a line per process: START_MS PATH CPU_MS LIVE_MS END, sorted by
 * START_MS. */
static int launch(char **args)
{
	char path[512], cpu[16], live[16], end[16];
	uint64_t began = clock_ns(CLOCK_MONOTONIC);
	struct truth truth = {0};
	long start_ms;
	FILE *spec;

	enter(args[0]);
	spec = fopen(args[1], "r");
	if (!spec)
		die(args[1]);
	while (fscanf(spec, "%ld %511s %15s %15s %15s", &start_ms, path, cpu,
		      live, end) == 5) {
		char *argv[] = {path, "burn", cpu, live, end, NULL};

		while (clock_ns(CLOCK_MONOTONIC) - began <
		       start_ms * 1000000ull)
			if (!reap(&truth, WNOHANG))
				sleep_ms(1);
		int pid = vfork();

		if (pid < 0)
			die("vfork");
		if (!pid) {
			execv(path, argv);
			_exit(127);
		}
		truth.started++;
		while (reap(&truth, WNOHANG))
			;
	}
	while (reap(&truth, 0))
		;
	return tell(&truth, began);
}

/* Without a path, the child ends as it is. */
static int cycle(const char *count, char *path)
{
	char *argv[] = {path, NULL};
	uint64_t began = clock_ns(CLOCK_MONOTONIC);
	struct truth truth = {0};

	for (long left = strtol(count, NULL, 10); left > 0; left--) {
		int pid = vfork();

		if (pid < 0)
			die("vfork");
		if (!pid) {
			if (path)
				execv(path, argv);
			_exit(path ? 127 : 0);
		}
		truth.started++;
		reap(&truth, 0);
	}
	return tell(&truth, began);
}

static int sleeper(void)
{
	int pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid) {
		/* A bench that is killed leaves no ten thousand orphans. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

static void end_all(const int *pids, long count, struct truth *truth)
{
	for (long at = 0; at < count; at++)
		kill(pids[at], SIGKILL);
	while (reap(truth, 0))
		;
}

static int replace(long live, long total)
{
	uint64_t began = clock_ns(CLOCK_MONOTONIC);
	int *pids = calloc(live, sizeof(*pids));
	struct truth truth = {0};
	char line[64];

	for (long at = 0; at < total; at++) {
		int *place = &pids[at % live];

		if (*place) {
			kill(*place, SIGKILL);
			reap(&truth, 0);
		}
		*place = sleeper();
		truth.started++;
		/* All alive: whoever watches says when to go on. */
		if (at == live - 1) {
			printf("{\"live\":%ld}\n", live);
			fflush(stdout);
			if (!fgets(line, sizeof(line), stdin))
				break;
		}
	}
	printf("{\"done\":%lu}\n", truth.started);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		;
	end_all(pids, live, &truth);
	return tell(&truth, began);
}

static int replace_in(char **args)
{
	enter(args[0]);
	return replace(strtol(args[1], NULL, 10), strtol(args[2], NULL, 10));
}

static int sleepers(const char *count)
{
	long live = strtol(count, NULL, 10);

	return replace(live, live);
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return 0;
	if (argc == 5 && !strcmp(argv[1], "burn"))
		return burn(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "launch"))
		return launch(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "forks"))
		return cycle(argv[2], NULL);
	if (argc == 4 && !strcmp(argv[1], "spawns"))
		return cycle(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "sleepers"))
		return sleepers(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "replace"))
		return replace_in(argv + 2);
	fprintf(stderr, "load: see the comment at the head of load.c\n");
	return 2;
}
