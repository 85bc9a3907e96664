import { messages } from '../../src/cli/stream-source.ts';
import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import type { Exporter } from '../../test/support/exporter.ts';
import { sum } from '../../test/support/samples.ts';
import { until } from '../../test/support/until.ts';

/** An incident, and when we heard of it first, in milliseconds since 1970. */
export interface Seen {
  readonly incident: IncidentAnswer;
  readonly seenAt: number;
}

type Watched = Pick<Exporter, 'url' | 'json' | 'scrape'>;

/**
 * All incidents that the exporter tells, as they come, by its stream: who watches is told at once, and costs it nothing meanwhile.
 */
export class Watch {
  readonly #seen = new Map<string, Seen>();
  readonly #stopping = new AbortController();
  /** Why nothing more is heard. */
  failure: string | undefined;
  #following: Promise<void> | undefined;

  /** Resolves when it listens. */
  static async follow(exporter: Watched): Promise<Watch> {
    const watch = new Watch();
    watch.#following = watch.#follow(exporter.url).catch((error: Error) => watch.#fail(error.message));
    await until(async () => watch.failure !== undefined || (await clientsOf(exporter)) > 0);
    // What was found before anybody listened.
    const { incidents } = await exporter.json('/incidents');
    for (const incident of incidents as IncidentAnswer[]) if (!watch.#seen.has(incident.id)) watch.#see(incident);
    return watch;
  }

  all(): readonly Seen[] {
    return [...this.#seen.values()];
  }

  /** Before the exporter ends. */
  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  async #follow(url: string): Promise<void> {
    const source = {
      base: new URL(url),
      query: new URLSearchParams({ kinds: 'incident' }),
      stopping: this.#stopping.signal,
      onGone: (reason: string) => this.#fail(reason),
      onBack: () => {},
    };
    for await (const { event, data } of messages(source)) {
      if (event === 'lost') this.#fail(`some incidents were not heard: ${data}`);
      else this.#see((JSON.parse(data) as { readonly incident: IncidentAnswer }).incident);
    }
  }

  #see(incident: IncidentAnswer): void {
    this.#seen.set(incident.id, { incident, seenAt: this.#seen.get(incident.id)?.seenAt ?? Date.now() });
  }

  /** What comes after a gap would be told too late, or not at all. */
  #fail(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    this.failure = `the exporter is not heard: ${reason}`;
    this.#stopping.abort();
  }
}

async function clientsOf(exporter: Watched): Promise<number> {
  return sum(await exporter.scrape(), 'culprit_stream_clients');
}
