import { closeSync, openSync } from 'node:fs';
import type { Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import { type BpfLink, type BpfMap, readU64 } from '../libbpf-ts/index.ts';
import { skipFields, unsignedAt } from './bytes.ts';
import { Samples } from './samples.ts';
import { Scratch } from './scratch.ts';
import { threadCpuMs } from './thread-cpu.ts';

/** With 100 ms until a wait is told, and a scan's own wait on a busy host, it is known within half a second. */
export const LOOK_EVERY_MS = 250;
/** While nobody can be waiting: a wait that begins is still found within half a second after it passes 100 ms. */
export const QUIET_MS = 500;
/** Of one core. A look at 10,000 tasks takes 2.4 ms, and then comes every 400 ms; at larger hosts, more rarely. */
const LOOK_SHARE = 0.006;
const LOOK_PAUSE_MS_MAX = 10_000;
const COST_SMOOTHING = 0.1;
/** We, who has the CPU, and who waits for it: with fewer that can run, nobody waits. */
const RUNNING_MIN = 3;
/** A throttled task does not count as running. It is told of when it has been so for 100 ms. */
const THROTTLED_MS = 1_000;
const FIELDS_BEFORE_RUNNING = 3;
const SAMPLES_BYTES = 16 * 1024;

export interface WaitingOptions {
  readonly link: BpfLink;
  /** How often the probes saw a task stopped by its quota. */
  readonly throttlings: BpfMap;
  readonly procRoot: string;
  readonly emit: (event: Event) => void;
}

/** Looks for tasks that wait for a CPU and have not got one, while anybody could: on a quiet host that costs two small reads. */
export class Waiting {
  /** Passes over all tasks. */
  looks = 0;
  readonly #samples: Samples;
  readonly #throttlings: BpfMap;
  readonly #loadPath: string;
  readonly #scratch = new Scratch(128);
  readonly #emit: (event: Event) => void;
  #loadFd = -1;
  #found = 0;
  /** Somebody was told of, and not yet that it is over: a look that fails leaves it so. */
  #isTold = false;
  #throttled = 0;
  #throttledAt: Instant = Number.NEGATIVE_INFINITY;
  #costMs = 0;

  constructor({ link, throttlings, procRoot, emit }: WaitingOptions) {
    this.#samples = new Samples(link, SAMPLES_BYTES);
    this.#throttlings = throttlings;
    this.#loadPath = `${procRoot}/loadavg`;
    this.#emit = emit;
  }

  get unreadable(): number {
    return this.#samples.unreadable;
  }

  /** Tells who waits now, if anybody could; returns the milliseconds until the next time. Throws what reading throws. */
  look(at: Instant): number {
    if (!this.#mayFind(at)) return QUIET_MS;
    const beganMs = threadCpuMs();

    this.#found = 0;
    this.looks++;
    this.#samples.read(this.#onSample);
    if (this.#found > 0 || this.#isTold) this.#emit({ kind: 'waiting-end', at });
    this.#isTold = this.#found > 0;
    this.#costMs += (threadCpuMs() - beganMs - this.#costMs) * COST_SMOOTHING;
    return Math.max(LOOK_EVERY_MS, Math.min(this.#costMs / LOOK_SHARE, LOOK_PAUSE_MS_MAX));
  }

  /** Nobody looks any more: whom we told of waits no longer, as far as anyone can say. */
  giveUp(at: Instant): void {
    if (this.#isTold) this.#emit({ kind: 'waiting-end', at });
    this.#isTold = false;
  }

  /** Safe to call twice. */
  close(): void {
    if (this.#loadFd >= 0) closeSync(this.#loadFd);
    this.#loadFd = -1;
  }

  #mayFind(at: Instant): boolean {
    const throttled = this.#readThrottlings();

    if (throttled !== this.#throttled) this.#throttledAt = at;
    this.#throttled = throttled;
    return this.#isTold || at - this.#throttledAt < THROTTLED_MS || this.#readRunning() >= RUNNING_MIN;
  }

  #readThrottlings(): number {
    const value = this.#throttlings.get(new Uint8Array(this.#throttlings.keyBytes));

    return value === undefined ? 0 : readU64(new DataView(value.buffer, value.byteOffset), 0);
  }

  /** The fourth field of `/proc/loadavg` is `running/tasks`. */
  #readRunning(): number {
    if (this.#loadFd < 0) this.#loadFd = openSync(this.#loadPath, 'r');
    const { bytes } = this.#scratch;
    const length = this.#scratch.readAgain(this.#loadFd);

    return unsignedAt(bytes, skipFields(bytes, 0, length, FIELDS_BEFORE_RUNNING), length);
  }

  readonly #onSample = (event: Event): void => {
    this.#found++;
    this.#emit(event);
  };
}
