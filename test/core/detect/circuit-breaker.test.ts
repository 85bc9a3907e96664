import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import circuitBreaker from '../../../src/core/detect/circuit-breaker.ts';
import { ran } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

const SECOND = 1e9;

interface Load {
  /** Of the one CPU that there is. */
  readonly busy: number;
  readonly waiting: number;
}

/** A host of one CPU on which `stress` of batch.service uses so much, and others wait behind it. */
class Machine {
  readonly linux: TestHost;
  readonly pid: number;
  #usedNs = SECOND;
  #waitedSeconds = 100;

  constructor(linux: TestHost) {
    this.linux = linux;
    this.pid = linux.spawn('stress', { cgroupId: 300 });
  }

  run(seconds: number, { busy, waiting }: Load): void {
    const { linux, pid } = this;
    for (let second = 0; second < seconds; second++) {
      linux.pass(1_000);
      const { now: at } = linux;
      this.#usedNs += busy * SECOND;
      this.#waitedSeconds += waiting;
      linux.snapshot({ pid, cgroupId: 300, used: ran(this.#usedNs) });
      const ns = waiting * SECOND;
      const owner = { kind: 'cgroup', id: 300 } as const;
      linux.tell(
        { kind: 'pressure', at, cgroupId: 0, resource: 'cpu', someSeconds: this.#waitedSeconds, fullSeconds: 0 },
        { kind: 'stall', at, resource: 'cpu', basis: 'measured', victimId: 100, owner, ns, holders: [{ pid, ns }] },
      );
    }
  }
}

describe('circuit-breaker, above 40 % of pressure and 90 % of CPU for 15 s', () => {
  it('names the host, and behind whom most was waited for', () => {
    const machine = new Machine(host(circuitBreaker));

    machine.run(40, { busy: 1, waiting: 0.6 });

    assert.deepEqual(
      machine.linux.incidents.map(({ entity, culprit }) => {
        return [entity.name, culprit.workload?.name, culprit.process?.exe];
      }),
      [['host', 'batch.service', 'stress']],
    );
  });

  it('is silent about a machine that is busy and keeps nobody waiting', () => {
    const machine = new Machine(host(circuitBreaker));

    machine.run(120, { busy: 1, waiting: 0.1 });

    assert.deepEqual(machine.linux.told, []);
  });

  it('is silent about waits on a machine with CPU to spare: a quota at work', () => {
    const machine = new Machine(host(circuitBreaker));

    machine.run(120, { busy: 0.5, waiting: 0.9 });

    assert.deepEqual(machine.linux.told, []);
  });

  it('is silent about eight seconds of it, again and again', () => {
    const machine = new Machine(host(circuitBreaker));

    for (let round = 0; round < 8; round++) {
      machine.run(8, { busy: 1, waiting: 0.6 });
      machine.run(22, { busy: 0.1, waiting: 0 });
    }

    assert.deepEqual(machine.linux.told, []);
  });

  it('ends a minute after it', () => {
    const machine = new Machine(host(circuitBreaker));
    machine.run(40, { busy: 1, waiting: 0.6 });

    machine.run(90, { busy: 0.1, waiting: 0 });

    assert.deepEqual(machine.linux.told, ['opened', 'resolved']);
  });

  it('needs so much: at twice the threshold, the same is nothing', () => {
    const machine = new Machine(host(circuitBreaker, { options: { pressureRatio: 0.8 } }));

    machine.run(120, { busy: 1, waiting: 0.6 });

    assert.deepEqual(machine.linux.told, []);
  });
});
