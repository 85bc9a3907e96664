import { LAYOUT } from '../core/wire/layout.ts';
import { BatchReader, type BpfMap, perCpuStride, readU64 } from '../libbpf-ts/index.ts';

/** The programs that count their own runs, by `enum probe` of `bpf/cost.h`; one of two for a hook is loaded. */
const COUNTED = [
  ['on_fork'],
  ['on_exec'],
  ['on_exit'],
  ['on_reap'],
  ['on_oom_task', 'on_oom_pid'],
  ['on_cgroup_mkdir'],
  ['on_cgroup_rmdir'],
  ['on_cgroup_attach'],
  ['on_migrate'],
  ['on_io_start', 'on_io_issue'],
  ['on_io_complete'],
  ['on_io_merge'],
  ['on_reclaim_begin'],
  ['on_reclaim_end'],
  ['on_limit_begin'],
  ['on_limit_end'],
  ['on_compaction_begin'],
  ['on_compaction_end'],
  ['on_wakeup'],
  ['on_wakeup_new'],
  ['on_turn'],
  ['on_io_done'],
] as const;

const { runs: RUNS, run_ns: RUN_NS } = LAYOUT.probe_cost.fields;

export interface ProbeCost {
  readonly runs: number;
  /** Estimated, from one run in 64. */
  readonly runNs: number;
}

/** Reads the map `probe_costs`: what each CPU counted, by probe. */
export class ProbeCosts {
  readonly #reader: BatchReader;
  readonly #stride: number;
  readonly #cpus: number;

  constructor(map: BpfMap) {
    this.#reader = new BatchReader(map);
    this.#stride = perCpuStride(map.valueBytes);
    this.#cpus = map.entryBytes / this.#stride;
  }

  /** By program. Throws `KernelError` when the map can't be read. */
  read(): Map<string, ProbeCost> {
    const costs = new Map<string, ProbeCost>();

    this.#reader.forEach((keyOffset, valueOffset) => {
      const { keys, values } = this.#reader;
      const cost = { runs: 0, runNs: 0 };
      for (let cpu = 0, at = valueOffset; cpu < this.#cpus; cpu++, at += this.#stride) {
        cost.runs += readU64(values, at + RUNS);
        cost.runNs += readU64(values, at + RUN_NS);
      }
      for (const program of COUNTED[keys.getUint32(keyOffset, true)] ?? []) costs.set(program, cost);
    });
    return costs;
  }
}
