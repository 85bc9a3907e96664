import type { Event, PressureEvent } from '../core/model/event.ts';
import { RESOURCES, type Resource } from '../core/model/pressure.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { after, ascii, unsignedAt } from './bytes.ts';
import type { Cgroup } from './cgroup.ts';
import type { CgroupFile, KeptFiles } from './kept-files.ts';
import { ProcFiles } from './proc-files.ts';
import { Scratch } from './scratch.ts';

/** Each read makes the kernel aggregate, and an aggregation drops stalls shorter than a tick: reading more often sees less. */
export const PRESSURE_INTERVAL_MS_MIN = 500;

const TOTAL = ascii('total=');
const FULL = 'f'.charCodeAt(0);
const MICROSECONDS = 1e6;

/** Reads `some` and `full` of `/proc/pressure/*` and of each cgroup, in seconds since boot. */
export class Pressure {
  readonly #emit: (event: Event) => void;
  readonly #host: ProcFiles;
  readonly #kept: KeptFiles;
  readonly #event: { -readonly [Key in keyof PressureEvent]: PressureEvent[Key] } = {
    kind: 'pressure',
    at: 0,
    cgroupId: 0,
    resource: 'cpu',
    someSeconds: 0,
    fullSeconds: 0,
  };

  constructor(procRoot: string, kept: KeptFiles, emit: (event: Event) => void) {
    this.#emit = emit;
    this.#kept = kept;
    this.#host = new ProcFiles(`${procRoot}/pressure`, new Scratch(512));
  }

  /** Throws when this kernel tells no pressure at all, with what to do. A resource that it alone does not know is left out. */
  readHost(at: Instant): void {
    let told = 0;
    for (const resource of RESOURCES) {
      const length = this.#host.read(resource);
      if (length < 0) continue;

      // The whole host is never fully stalled on the CPU: the kernel writes zeros there.
      this.#tell(this.#host.scratch.bytes, length, 0, resource, at, resource !== 'cpu');
      told++;
    }
    if (told === 0) throw new Error(`${this.#host.reason}; ${ADVICE}`);
  }

  /** Returns the sum of all that was told: when it grew, something waited. The root has none: its pressure is the host's. */
  readCgroup(cgroup: Cgroup, at: Instant): number {
    let seconds = 0;
    for (const resource of RESOURCES) {
      const length = this.#host.isAbsent(resource) ? -1 : this.#kept.read(cgroup, FILES[resource], at);
      if (length <= 0) continue;
      this.#tell(this.#kept.scratch.bytes, length, cgroup.id, resource, at, true);
      seconds += (this.#event.someSeconds || 0) + (this.#event.fullSeconds || 0);
    }
    return seconds;
  }

  /** Safe to call twice. */
  close(): void {
    this.#host.close();
  }

  #tell(bytes: Buffer, end: number, id: CgroupId, resource: Resource, at: Instant, hasFull: boolean): void {
    const event = this.#event;
    const first = after(bytes, 0, end, TOTAL);
    const onlyFull = bytes[0] === FULL;
    const second = onlyFull ? first : after(bytes, Math.max(0, first), end, TOTAL);

    event.at = at;
    event.cgroupId = id;
    event.resource = resource;
    event.someSeconds = onlyFull ? Number.NaN : secondsAt(bytes, first, end);
    event.fullSeconds = hasFull ? secondsAt(bytes, second, end) : Number.NaN;
    this.#emit(event);
  }
}

const FILES: Readonly<Record<Resource, CgroupFile>> = {
  cpu: { hierarchy: 'unified', name: 'cpu.pressure' },
  memory: { hierarchy: 'unified', name: 'memory.pressure' },
  io: { hierarchy: 'unified', name: 'io.pressure' },
  irq: { hierarchy: 'unified', name: 'irq.pressure' },
};

function secondsAt(bytes: Buffer, from: number, end: number): number {
  return from < 0 ? Number.NaN : unsignedAt(bytes, from, end) / MICROSECONDS;
}

const ADVICE = 'boot with psi=1 on a kernel built with CONFIG_PSI';
