import { closeSync } from 'node:fs';
import { check } from './error.ts';
import { libbpf } from './library.ts';

const BPF_STATS_RUN_TIME = 0;

/**
 * Switches the counting of program runs on, for all programs of the host, until closed.
 *
 * Costs two clock reads a run. The kernel switches it off when the last holder closes or dies, so that nothing is left behind.
 * Throws `KernelError` without CAP_SYS_ADMIN.
 */
export class RunStatistics {
  #fd: number;

  constructor() {
    const advice = 'run as root or grant CAP_SYS_ADMIN: programs run all the same, only their cost is unknown';

    this.#fd = check('count program runs', libbpf().bpf_enable_stats(BPF_STATS_RUN_TIME), advice);
  }

  /** Safe to call twice. */
  close(): void {
    const fd = this.#fd;

    this.#fd = -1;
    if (fd >= 0) closeSync(fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
