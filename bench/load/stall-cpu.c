/* SPDX-License-Identifier: Apache-2.0 */
/* Loads that compute. */
#include "stall.h"
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void *spin(void *unused)
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

void *hold_lock(void *unused)
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

void converse(void)
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

void breed(void)
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
