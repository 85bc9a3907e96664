import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pressure from '../../../src/core/detect/pressure.ts';
import { host } from './host.ts';
import { Psi } from './psi.ts';

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
