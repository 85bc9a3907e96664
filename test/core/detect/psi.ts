import type { Resource } from '../../../src/core/model/pressure.ts';
import type { TestHost } from './host.ts';

type Stalls = Partial<Record<Resource, readonly [some: number, full: number]>>;

/** For so many seconds tasks wait this share of the time; told every two. */
/** What tasks wait for, as the kernel's files tell it. */
export class Psi {
  readonly #totals = new Map<string, number>();

  run(linux: TestHost, seconds: number, stalls: Stalls, cgroupId = 0): void {
    for (let second = 0; second < seconds; second += 2) {
      linux.pass(2_000);
      for (const resource of ['cpu', 'memory', 'io'] as const) {
        const [some, full] = stalls[resource] ?? [0, 0];
        const someSeconds = this.#grow(`${cgroupId} ${resource} some`, 2 * some);
        const fullSeconds = this.#grow(`${cgroupId} ${resource} full`, 2 * full);
        linux.tell({ kind: 'pressure', at: linux.now, cgroupId, resource, someSeconds, fullSeconds });
      }
    }
  }

  #grow(name: string, seconds: number): number {
    const total = (this.#totals.get(name) ?? 1_000) + seconds;
    this.#totals.set(name, total);
    return total;
  }
}
