// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What any program at this hook costs: the switch pays for the tracepoint, the
 * trampoline and the pages that both lie on, whatever the program does.
 */
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tp_btf/sched_switch")
int on_switch(void *context)
{
	return 0;
}
