import { type Config, signalPush } from '../config/index.ts';
import type { IncidentChange } from '../core/model/incident.ts';
import { IncidentPush } from '../telemetry/incident-push.ts';
import type { Debts, Owed } from '../telemetry/incidents/debts.ts';
import { type Otlp, type OtlpSource, openOtlp } from '../telemetry/otlp.ts';
import type { SelfSample } from '../telemetry/self.ts';

export interface PushSource extends Omit<OtlpSource, 'resource'> {
  readonly debts: Debts;
}

/** Pushes metrics and incidents to the collectors of the configuration in force, if it names any. */
export class Push {
  readonly #source: PushSource;
  readonly #incidents: IncidentPush;
  #metrics: Otlp | undefined;

  constructor(source: PushSource) {
    this.#source = source;
    this.#incidents = new IncidentPush({ ...source, chance: Math.random });
  }

  /** Replaces what was open. Rejects when the options are unusable, and then the old one goes on. */
  async open({ otlp }: Config, resource: Readonly<Record<string, string>>): Promise<void> {
    const [metrics, traces, logs] = [signalPush(otlp, 'metrics'), signalPush(otlp, 'traces'), signalPush(otlp, 'logs')];
    const useIncidents = await this.#incidents.prepare({ traces, logs }, resource);
    const options = metrics && { ...metrics, intervalSeconds: otlp.intervalSeconds };
    const next = options && (await openOtlp(options, { ...this.#source, resource }));
    useIncidents();
    await this.#metrics?.close();
    this.#metrics = next;
  }

  take(change: IncidentChange): void {
    this.#incidents.take(change);
  }

  /** What earlier runs owe. */
  resume(owed: Iterable<Owed>): void {
    this.#incidents.resume(owed);
  }

  *readings(): Iterable<SelfSample> {
    yield* this.#metrics?.readings() ?? [];
    yield* this.#incidents.readings();
  }

  /** A last push of everything at once, for 3 s at most. */
  async close(): Promise<void> {
    const closing = this.#metrics?.close();
    this.#metrics = undefined;
    const [metrics, left] = await Promise.all([closing, this.#incidents.close()]);
    if (metrics?.flushed === false) this.#source.log('the last OTLP push did not arrive');
    if (left > 0)
      this.#source.log(
        `${left} spans and log events of incidents did not arrive; what is on file is sent by the next run`,
      );
  }
}
