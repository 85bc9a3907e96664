import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pressure from '../../../src/core/detect/pressure.ts';
import type { Resource } from '../../../src/core/model/pressure.ts';
import { host, type TestHost } from './host.ts';

type Stalls = Partial<Record<Resource, readonly [some: number, full: number]>>;

/** For so many seconds tasks wait this share of the time; told every two. */
class Psi {
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

describe('pressure, held for a minute', () => {
  it('names the host and the resource', () => {
    const linux = host(pressure);

    new Psi().run(linux, 80, { cpu: [0.5, 0], memory: [0.2, 0.08], io: [0.5, 0.3] });

    assert.deepEqual(linux.open, ['pressure: host (cpu)', 'pressure: host (memory)', 'pressure: host (io)']);
  });

  it('names a workload', () => {
    const linux = host(pressure);

    new Psi().run(linux, 80, { memory: [0.2, 0.08] }, 200);

    assert.deepEqual(linux.open, ['pressure: db.service (memory)']);
  });

  it('is silent about forty seconds of it, again and again', () => {
    const linux = host(pressure);
    const psi = new Psi();

    for (let round = 0; round < 5; round++) {
      psi.run(linux, 40, { cpu: [0.6, 0] });
      psi.run(linux, 40, {});
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent where some wait for memory and others get on', () => {
    const linux = host(pressure);

    new Psi().run(linux, 300, { memory: [0.9, 0.03], io: [0.9, 0.1], cpu: [0.35, 0] });

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after it', () => {
    const linux = host(pressure);
    const psi = new Psi();
    psi.run(linux, 80, { cpu: [0.5, 0] });

    psi.run(linux, 90, {});

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so much: at twice the threshold, the same is nothing', () => {
    const linux = host(pressure, { options: { cpuSomeRatio: 0.8 } });

    new Psi().run(linux, 200, { cpu: [0.5, 0] });

    assert.deepEqual(linux.told, []);
  });
});
