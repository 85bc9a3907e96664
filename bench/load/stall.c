/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loads of bench:blame. `stall ROLE…` makes a process for each role, all in
 * one process group, all asleep, and prints their pids. A line on standard
 * input wakes them at once; each line after it asks what they did so far; its
 * end kills them. In between, signals to the group stop them.
 *
 * A role is a kind and numbers, as `spin,cpu=1,threads=8,on_us=5000`:
 *
 *   spin    threads that compute on_us (0: for ever) and sleep off_us
 *   lock    the same, each of them with one lock held
 *   pipe    two threads that wake each other
 *   forks   `threads` children at a time that compute on_us and end
 *   flood   datagrams that the other CPU has to receive
 *   read    random reads of `bytes` from path, off_us apart
 *   write   sequential writes, over and over the first 32 MiB of path, and
 *           an fdatasync(2) after every `sync` of them
 */
#include "stall.h"
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define ROLES_MAX 16

struct role role = {.cpu = -1, .threads = 1, .bytes = 4096};

static int is(const char *kind)
{
	return !strcmp(role.kind, kind);
}

static void parse(char *words)
{
	struct {
		const char *name;
		long *value;
	} numbers[] = {
		{"cpu", &role.cpu},	  {"threads", &role.threads},
		{"on_us", &role.on_us},	  {"off_us", &role.off_us},
		{"fifo", &role.fifo},	  {"bytes", &role.bytes},
		{"direct", &role.direct}, {"sync", &role.sync},
	};
	char *word = strtok(words, ",");

	snprintf(role.kind, sizeof(role.kind), "%s", word);
	while ((word = strtok(NULL, ","))) {
		char *value = strchr(word, '=');

		if (!value)
			die(word);
		*value++ = 0;
		if (!strcmp(word, "path"))
			snprintf(role.path, PATH_BYTES, "%s", value);
		for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers);
		     i++)
			if (!strcmp(word, numbers[i].name))
				*numbers[i].value = strtol(value, NULL, 10);
	}
}

static void place(void)
{
	struct sched_param first = {.sched_priority = 1};
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++)
		if (role.cpu < 0 || role.cpu == cpu)
			CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
	if (role.fifo && sched_setscheduler(0, SCHED_FIFO, &first))
		die("sched_setscheduler");
}

static void play(char *words, int go)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	parse(words);
	place();
	if (is("flood"))
		prepare_flood();
	while (read(go, &byte, 1) > 0)
		;
	if (is("spin"))
		in_parallel(spin);
	else if (is("lock"))
		in_parallel(hold_lock);
	else if (is("pipe"))
		converse();
	else if (is("forks"))
		breed();
	else if (is("flood"))
		flood();
	else if (is("read"))
		in_parallel(read_file);
	else if (is("write"))
		in_parallel(write_file);
	die("no such kind");
}

static void tell(const struct report *reports, int count)
{
	printf("[");
	for (int at = 0; at < count; at++)
		printf("%s{\"operations\":%lu,\"operationNs\":%lu,"
		       "\"endedDelayNs\":%lu}",
		       at ? "," : "", reports[at].operations,
		       reports[at].operation_ns, reports[at].ended_delay_ns);
	printf("]\n");
	fflush(stdout);
}

/* All in the group of the first, and asleep once they have read their role. */
static void start_roles(char **words, int count, struct report *reports,
			const int go[2], int *pids)
{
	for (int at = 0; at < count; at++) {
		pids[at] = fork();
		if (pids[at] < 0)
			die("fork");
		if (!pids[at]) {
			setpgid(0, at ? pids[0] : 0);
			close(go[1]);
			role.report = &reports[at];
			play(words[at], go[0]);
		}
		setpgid(pids[at], pids[0]);
	}
	printf("[");
	for (int at = 0; at < count; at++)
		printf("%s%d", at ? "," : "", pids[at]);
	printf("]\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct report *reports =
		mmap(NULL, ROLES_MAX * sizeof(*reports), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int go[2], pids[ROLES_MAX], count = argc - 1, awake = 0;
	char line[16];

	if (reports == MAP_FAILED || pipe(go) || count < 1 || count > ROLES_MAX)
		die("stall ROLE...");
	start_roles(argv + 1, count, reports, go, pids);
	while (fgets(line, sizeof(line), stdin)) {
		if (awake++)
			tell(reports, count);
		else
			close(go[1]);
	}
	kill(-pids[0], SIGKILL);
	return 0;
}
