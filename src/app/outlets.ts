import { cpus } from 'node:os';

import type { Config } from '../config/index.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { Event } from '../core/model/event.ts';
import { EventStream } from '../http/index.ts';
import { identifyHost } from '../kernel/host.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Recorder } from '../recording/index.ts';
import type { SelfSample } from '../telemetry/self.ts';
import { BUILD } from './build.ts';
import type { Taker } from './changes.ts';
import { wallOffsetMs } from './clock.ts';
import { sensesOf } from './options.ts';
import { told } from './told.ts';
import { toldIncident } from './told-incident.ts';

const MEBIBYTE = 1 << 20;

/** Where events go when the engine has taken them: to those who listen, and to the recording that was asked for. */
export class Outlets {
  readonly stream: EventStream;
  readonly #engine: Engine;
  readonly #recorder: Recorder | undefined;

  constructor(stream: EventStream, engine: Engine, recorder: Recorder | undefined) {
    this.stream = stream;
    this.#engine = engine;
    this.#recorder = recorder;
  }

  observe(event: Event): void {
    this.#recorder?.observe(event);
    if (!this.stream.hears(event.kind)) return;
    const one = told(event, this.#engine, wallOffsetMs());
    if (one !== undefined) this.stream.publish(one.kind, one.workload, one.data);
  }

  /** What becomes of incidents. */
  readonly take: Taker = (change) => {
    if (!this.stream.hears('incident')) return;
    const { kind, workload, victim, data } = toldIncident(change, wallOffsetMs());
    this.stream.publish(kind, workload, data, victim);
  };

  /** A reload took over another configuration. */
  change({ groups, detectors }: Config): void {
    this.#recorder?.changeRules(groups);
    this.#recorder?.changeDetectors(detectors);
  }

  *readings(): Iterable<SelfSample> {
    const { clients, refused, sent, lost } = this.stream.reading();
    yield one('culprit.stream.clients', clients);
    yield one('culprit.stream.clients.refused', refused);
    yield one('culprit.stream.events', sent);
    yield one('culprit.stream.events.lost', lost);
    if (this.#recorder === undefined) return;
    const { isActive, bytes, written, dropped } = this.#recorder.reading();
    yield one('culprit.recording.active', Number(isActive));
    yield one('culprit.recording.size', bytes);
    yield one('culprit.recording.events', written, { outcome: 'written' });
    yield one('culprit.recording.events', dropped, { outcome: 'dropped' });
  }

  async close(): Promise<void> {
    this.stream.close();
    await this.#recorder?.close();
  }
}

/** Rejects with one sentence when the file of the recording can't be opened. */
export async function openOutlets(
  config: Config,
  kernel: Kernel,
  engine: Engine,
  warn: (message: string) => void,
): Promise<Outlets> {
  const { clients, events } = config.stream;
  const stream = new EventStream({ name: Date.now().toString(36), clientsMax: clients, eventsMax: events });
  return new Outlets(stream, engine, config.record === '' ? undefined : await openRecorder(config, kernel, warn));
}

async function openRecorder(config: Config, kernel: Kernel, warn: (message: string) => void): Promise<Recorder> {
  const { Recorder } = await import('../recording/index.ts');
  const { roots, limits, groups, detectors, record, recordMebibytes } = config;
  const { hostname, kernelRelease } = identifyHost(roots.proc, roots.host);

  return await Recorder.open({
    path: record,
    bytesMax: recordMebibytes * MEBIBYTE,
    warn,
    header: {
      culprit: BUILD.version,
      host: hostname,
      kernelRelease,
      wallOffsetMs: wallOffsetMs(),
      mode: kernel.mode,
      senses: sensesOf(kernel.probes()),
      limits,
      rules: groups,
      detection: { cpus: cpus().length, settings: detectors },
    },
  });
}

function one(family: SelfSample['family'], value: number, labels: Readonly<Record<string, string>> = {}): SelfSample {
  return { family, labels, value };
}
