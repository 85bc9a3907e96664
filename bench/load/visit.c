/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Begins and ends a short process in each of many cgroups. It is born there:
 * to move one there would make the whole kernel wait.
 *
 *   FOLDER COUNT        v2 cgroups FOLDER/0 to FOLDER/(COUNT - 1)
 *
 * For each line on its standard input it visits the first so many, as the line
 * says, and answers with a line.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Enough for the kernel's count of microseconds to grow. */
#define ROUNDS 20000

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static int folder_of(const char *parent, int index)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%d", parent, index);
	fd = open(path, O_PATH | O_DIRECTORY);
	if (fd < 0)
		die(path);
	return fd;
}

static void visit(int folder)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = folder,
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		die("clone3");
	if (pid == 0) {
		for (volatile int round = 0; round < ROUNDS; round++)
			;
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid");
}

int main(int argc, char **argv)
{
	int count, *folders, some;

	if (argc != 3)
		return 2;
	count = atoi(argv[2]);
	folders = calloc(count, sizeof(*folders));
	for (int index = 0; index < count; index++)
		folders[index] = folder_of(argv[1], index);
	while (scanf("%d", &some) == 1) {
		for (int index = 0; index < some; index++)
			visit(folders[index]);
		puts("done");
		fflush(stdout);
	}
	return 0;
}
