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
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROLES_MAX  16
#define WRITTEN	   (32l << 20)
#define DATAGRAM   32
#define PATH_BYTES 256

/* What a role did, for whoever asks. */
struct report {
	uint64_t operations;
	uint64_t operation_ns;
	uint64_t ended_delay_ns; /* run delay of children that are no more */
};

static struct role {
	char kind[16], path[PATH_BYTES];
	long cpu, threads, on_us, off_us, fifo, bytes, direct, sync;
	struct report *report;
} role = {.cpu = -1, .threads = 1, .bytes = 4096};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

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

static void sleep_us(long us)
{
	struct timespec left = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&left, NULL);
}

static void burn_us(long us)
{
	uint64_t end = clock_ns(CLOCK_THREAD_CPUTIME_ID) + us * 1000ull;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static void add(uint64_t *sum, uint64_t more)
{
	__sync_fetch_and_add(sum, more);
}

static void *spin(void *unused)
{
	(void)unused;
	for (volatile long turns = 0; !role.on_us; turns++)
		;
	for (;;) {
		burn_us(role.on_us);
		if (role.off_us)
			sleep_us(role.off_us);
	}
}

static void *hold(void *unused)
{
	(void)unused;
	for (;;) {
		pthread_mutex_lock(&lock);
		burn_us(role.on_us);
		pthread_mutex_unlock(&lock);
		burn_us(role.on_us / 10);
	}
}

static int pipes[2][2];

static void *answer(void *first)
{
	int from = pipes[!first][0], to = pipes[!!first][1];
	char byte = 0;

	if (first && write(to, &byte, 1) != 1)
		die("pipe");
	while (read(from, &byte, 1) == 1 && write(to, &byte, 1) == 1)
		;
	return NULL;
}

static void *in_parallel(void *(*work)(void *))
{
	pthread_t thread;

	for (long more = 1; more < role.threads; more++)
		if (pthread_create(&thread, NULL, work, NULL))
			die("pthread_create");
	return work(NULL);
}

static void converse(void)
{
	pthread_t thread;

	if (pipe(pipes[0]) || pipe(pipes[1]))
		die("pipe");
	if (pthread_create(&thread, NULL, answer, &thread))
		die("pthread_create");
	answer(NULL);
}

/* Whoever has ended, but was not waited for, still has its figures. */
static void count_delay_of(int pid)
{
	char path[32];
	uint64_t delay;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	file = fopen(path, "r");
	if (!file)
		die(path);
	if (fscanf(file, "%*u %lu", &delay) == 1)
		add(&role.report->ended_delay_ns, delay);
	fclose(file);
}

static void breed(void)
{
	siginfo_t ended;

	for (long living = 0;;) {
		if (living < role.threads) {
			int pid = fork();

			if (pid < 0)
				die("fork");
			if (!pid) {
				burn_us(role.on_us);
				_exit(0);
			}
			living++;
			continue;
		}
		if (waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT))
			die("waitid");
		count_delay_of(ended.si_pid);
		waitpid(ended.si_pid, NULL, 0);
		living--;
		add(&role.report->operations, 1);
	}
}

/*
 * Loopback of its own, whose datagrams CPU 1 receives: more than one interrupt
 * may handle, so that ksoftirqd has to.
 */
static void prepare_flood(void)
{
	struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	FILE *cpus;

	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		die("unshare");
	if (ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &lo))
		die("lo");
	cpus = fopen("/sys/class/net/lo/queues/rx-0/rps_cpus", "w");
	if (!cpus || fputs("2", cpus) < 0 || fclose(cpus))
		die("rps_cpus");
}

static void flood(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int in = socket(AF_INET, SOCK_DGRAM, 0);
	int out = socket(AF_INET, SOCK_DGRAM, 0);
	char datagram[DATAGRAM] = {0};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(in, (void *)&to, sizeof(to)) ||
	    connect(out, (void *)&to, sizeof(to)))
		die("socket");
	for (;;)
		send(out, datagram, sizeof(datagram), MSG_DONTWAIT);
}

static int open_path(int flags)
{
	int file = open(role.path, flags | (role.direct ? O_DIRECT : 0));

	if (file < 0)
		die(role.path);
	return file;
}

static void *buffer(void)
{
	void *bytes;

	if (posix_memalign(&bytes, 4096, role.bytes))
		die("memory");
	memset(bytes, 1, role.bytes);
	return bytes;
}

static void *read_file(void *unused)
{
	int file = open_path(O_RDONLY);
	long places = lseek(file, 0, SEEK_END) / role.bytes;
	char *bytes = buffer();
	unsigned seed = 23;

	(void)unused;
	for (;;) {
		long at = rand_r(&seed) % places * role.bytes;
		uint64_t began = clock_ns(CLOCK_MONOTONIC);

		if (pread(file, bytes, role.bytes, at) != role.bytes)
			die("read");
		add(&role.report->operation_ns,
		    clock_ns(CLOCK_MONOTONIC) - began);
		add(&role.report->operations, 1);
		if (role.off_us)
			sleep_us(role.off_us);
	}
}

static void *write_file(void *unused)
{
	int file = open_path(O_WRONLY);
	char *bytes = buffer();

	(void)unused;
	for (long at = 0;; at = (at + role.bytes) % WRITTEN) {
		uint64_t began = clock_ns(CLOCK_MONOTONIC);

		if (pwrite(file, bytes, role.bytes, at) != role.bytes)
			die("write");
		if (role.sync && at / role.bytes % role.sync == 0 &&
		    fdatasync(file))
			die("fdatasync");
		add(&role.report->operation_ns,
		    clock_ns(CLOCK_MONOTONIC) - began);
		add(&role.report->operations, 1);
		if (role.off_us)
			sleep_us(role.off_us);
	}
}

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
		in_parallel(hold);
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

int main(int argc, char **argv)
{
	struct report *reports =
		mmap(NULL, ROLES_MAX * sizeof(*reports), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int go[2], pids[ROLES_MAX], count = argc - 1, awake = 0;
	char line[16];

	if (reports == MAP_FAILED || pipe(go) || count < 1 || count > ROLES_MAX)
		die("stall ROLE...");
	for (int at = 0; at < count; at++) {
		pids[at] = fork();
		if (pids[at] < 0)
			die("fork");
		if (!pids[at]) {
			setpgid(0, at ? pids[0] : 0);
			close(go[1]);
			role.report = &reports[at];
			play(argv[at + 1], go[0]);
		}
		setpgid(pids[at], pids[0]);
	}
	printf("[");
	for (int at = 0; at < count; at++)
		printf("%s%d", at ? "," : "", pids[at]);
	printf("]\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (awake++)
			tell(reports, count);
		else
			close(go[1]);
	}
	kill(-pids[0], SIGKILL);
	return 0;
}
