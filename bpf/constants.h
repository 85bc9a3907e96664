/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Numbers of the kernel that no BTF tells, as they are in the versions that
 * bpf/README.md names, each by the file that defines it.
 */
#ifndef CULPRIT_CONSTANTS_H
#define CULPRIT_CONSTANTS_H

/* include/linux/sched.h */
#define TASK_RUNNING	     0x0000
#define PF_KTHREAD	     0x00200000
#define TASK_INTERRUPTIBLE   0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_STOPPED	     0x0004
#define TASK_TRACED	     0x0008
#define EXIT_DEAD	     0x0010
#define EXIT_ZOMBIE	     0x0020
#define TASK_PARKED	     0x0040
#define TASK_NOLOAD	     0x0400
#define TASK_RTLOCK_WAIT     0x1000
#define TASK_FROZEN	     0x8000

/* kernel/sched/sched.h: p->on_rq */
#define TASK_ON_RQ_QUEUED    1
#define TASK_ON_RQ_MIGRATING 2

/* include/linux/sched/signal.h, include/uapi/asm-generic/resource.h */
#define SIGNAL_GROUP_EXIT 0x4
#define RLIMIT_NOFILE	  7

/* include/linux/mm_types_task.h: indices of mm->rss_stat. */
#define MM_FILEPAGES  0
#define MM_ANONPAGES  1
#define MM_SWAPENTS   2
#define MM_SHMEMPAGES 3

#endif
