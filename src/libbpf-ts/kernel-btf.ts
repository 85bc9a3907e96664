import { existsSync, readFileSync } from 'node:fs';
import { Btf } from './btf.ts';

const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

export const KERNEL_BTF_ADVICE = `the kernel has no ${KERNEL_BTF}: it must be built with CONFIG_DEBUG_INFO_BTF=y`;

/** Whether this kernel tells its types; without, no program that reads kernel structs can load. */
export const hasKernelBtf = (): boolean => existsSync(KERNEL_BTF);

/** The running kernel's types. Takes some 10 MB while you hold it: ask what you need and let go. */
export function kernelBtf(): Btf {
  if (!hasKernelBtf()) throw new Error(`cannot read the kernel's types; ${KERNEL_BTF_ADVICE}`);
  return Btf.parse(readFileSync(KERNEL_BTF));
}

/**
 * How many arguments a tracepoint gives a `tp_btf` program; nothing when the kernel has no such tracepoint.
 *
 * The kernel's prototype begins with the tracepoint's private pointer, which programs never see.
 */
export function tracepointArguments(btf: Btf, tracepoint: string): number | undefined {
  const pointer = btf.find('typedef', `btf_trace_${tracepoint}`);

  return pointer && btf.type(btf.type(pointer.sizeOrType).sizeOrType).parts - 1;
}
