/* SPDX-License-Identifier: Apache-2.0 */
/* Loads that make the kernel work: datagrams, reads, writes. */
#include "stall.h"
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#define WRITTEN	 (32l << 20)
#define DATAGRAM 32

/*
 * Loopback of its own, whose datagrams CPU 1 receives: more than one interrupt
 * may handle, so that ksoftirqd has to.
 */
void prepare_flood(void)
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

void flood(void)
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

void *read_file(void *unused)
{
	int file = open_path(O_RDONLY);
	long places = lseek(file, 0, SEEK_END) / role.bytes;
	char *bytes = buffer();
	unsigned seed = 23;

	(void)unused;
	/* What others have cached is theirs, and would cost this one nothing. */
	posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
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

void *write_file(void *unused)
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
