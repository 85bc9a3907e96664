import { RunStatistics } from '../../src/libbpf-ts/index.ts';
import type { Exporter } from '../../test/support/exporter.ts';

/** CPU that an exporter used over a time. */
export interface Spent {
  /** By its own threads, its task iterators included. */
  readonly userNs: number;
  /** By its probes in whoever ran into them, as the kernel counts it. */
  readonly bpfNs: number;
  readonly wallMs: number;
}

/** What an exporter uses while something goes on. The kernel counts program runs only meanwhile, at two clock reads a run. */
export async function spent(exporter: Exporter, during: () => Promise<unknown>): Promise<Spent> {
  using _counted = new RunStatistics();
  const [user, bpf, from] = [exporter.cpuNs(), exporter.bpfNs(), performance.now()];
  await during();
  return { userNs: exporter.cpuNs() - user, bpfNs: exporter.bpfNs() - bpf, wallMs: performance.now() - from };
}

/** The same as a share of one CPU. */
export function ratio({ userNs, bpfNs, wallMs }: Spent): number {
  return (userNs + bpfNs) / (wallMs * 1e6);
}
