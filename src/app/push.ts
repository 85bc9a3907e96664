import type { Config } from '../config/index.ts';
import { type Otlp, type OtlpSource, openOtlp } from '../telemetry/otlp.ts';
import type { SelfSample } from '../telemetry/self.ts';

/** Pushes to the collector of the configuration in force, if it names one. */
export class Push {
  readonly #source: Omit<OtlpSource, 'resource'>;
  #otlp: Otlp | undefined;

  constructor(source: Omit<OtlpSource, 'resource'>) {
    this.#source = source;
  }

  /** Replaces what was open. Rejects when the options are unusable, and then the old one goes on. */
  async open({ otlp }: Config, resource: Readonly<Record<string, string>>): Promise<void> {
    const isWanted = otlp.endpoint !== '' || otlp.metricsEndpoint !== '';
    const next = isWanted ? await openOtlp(otlp, { ...this.#source, resource }) : undefined;
    await this.#otlp?.close();
    this.#otlp = next;
  }

  readings(): SelfSample[] {
    return this.#otlp?.readings() ?? [];
  }

  /** A last push, for 1.5 s at most. */
  async close(): Promise<void> {
    const closing = this.#otlp?.close();
    this.#otlp = undefined;
    if ((await closing)?.flushed === false) this.#source.log('the last OTLP push did not arrive');
  }
}
