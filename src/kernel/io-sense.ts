import type { CgroupId, Instant } from '../core/model/units.ts';
import { LAYOUT } from '../core/wire/layout.ts';
import { BatchReader, readU64 } from '../libbpf-ts/index.ts';
import { IoDemand } from './io-demand.ts';
import type { Probes } from './probes.ts';
import type { SenseContext } from './sense.ts';
import { Stalls } from './stalls.ts';
import { V1Ids } from './v1-ids.ts';

const DEVICE = LAYOUT.io_device.fields;
const MINOR_BITS = 20;

/** A block device since the probes were last switched on. */
export interface IoDevice {
  /** `major:minor`, as in `/proc/diskstats`. */
  readonly device: string;
  readonly began: number;
  readonly ended: number;
  /** Of those that ended; two requests in flight for a second make two. */
  readonly latencyNs: number;
  /** Whose end was not seen. They are charged to nobody. */
  readonly missed: number;
  /** Taken for missed, as they took much longer than all others. Charged nevertheless if they do end. */
  readonly stale: number;
}

type IoContext = Pick<SenseContext, 'ioMount' | 'cgroups' | 'emit' | 'now'>;

/** Whose requests to block devices made whose wait: an optional sense, as it costs something at each request. */
export class IoSense {
  readonly #probes: Probes;
  readonly #mode: 'auto' | 'on' | 'off';
  readonly #stalls: Stalls;
  readonly #devices: BatchReader;
  readonly #demand = new IoDemand();
  #isOn = false;
  #missedBefore = 0;
  #isAllowed = true;

  constructor(probes: Probes, mode: 'auto' | 'on' | 'off', { ioMount, cgroups, emit, now }: IoContext) {
    const ids = new V1Ids(ioMount);

    this.#probes = probes;
    this.#mode = mode;
    this.#devices = new BatchReader(probes.map('io_devices'));
    this.#stalls = new Stalls({
      blames: probes.map('io_blames'),
      resource: 'io',
      basis: 'inferred',
      emit,
      ioCgroupOf: (id: CgroupId) => ids.of(id, cgroups.live.values(), now()),
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  start(): void {
    if (this.#mode === 'on') this.enable();
  }

  /** Whoever weighs what probes cost may forbid this one, whatever else is asked for. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
    if (!isAllowed) this.disable();
    else if (this.#mode === 'on') this.enable();
  }

  observePressure(someSeconds: number, at: Instant): void {
    const isWanted = this.#demand.observe(someSeconds, at);
    if (this.#mode !== 'auto') return;
    if (isWanted) this.enable();
    else if (this.#isOn) {
      this.read(at);
      this.disable();
    }
  }

  /** Begins with nothing in flight: what was, ended while nobody looked. */
  enable(): void {
    if (this.#isOn || !this.#isAllowed) return;
    this.#missedBefore = this.missed();
    for (const name of ['io_requests', 'io_devices']) {
      const map = this.#probes.map(name);
      for (const key of map.keys()) map.delete(key);
    }
    this.#probes.attachOnDemand();
    this.#isOn = true;
  }

  disable(): void {
    this.#probes.detachOnDemand();
    this.#isOn = false;
  }

  /** Throws `KernelError` when the map can't be read. */
  read(at: Instant): void {
    this.#stalls.read(at);
  }

  /** Since the start, all devices together. */
  missed(): number {
    return this.#missedBefore + this.devices().reduce((sum, { missed }) => sum + missed, 0);
  }

  devices(): IoDevice[] {
    const devices: IoDevice[] = [];

    this.#devices.forEach((key, value) => {
      const number = this.#devices.keys.getUint32(key, true);
      const at = (field: keyof typeof DEVICE) => readU64(this.#devices.values, value + DEVICE[field]);
      devices.push({
        device: `${number >>> MINOR_BITS}:${number & ((1 << MINOR_BITS) - 1)}`,
        began: at('began'),
        ended: at('ended'),
        latencyNs: at('latency_ns'),
        missed: at('missed'),
        stale: at('stale'),
      });
    });
    return devices;
  }
}
