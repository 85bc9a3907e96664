import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import type { Exporter } from '../../test/support/exporter.ts';

/** An incident, and when we heard of it first, in milliseconds since 1970. */
export interface Seen {
  readonly incident: IncidentAnswer;
  readonly seenAt: number;
}

const PAUSE_MS = 25;
const INCIDENTS_MAX = 1_000;

/** All incidents that the exporter tells, as they come. */
export class Watch {
  readonly #exporter: Exporter;
  readonly #seen = new Map<string, Seen>();
  /** Why nothing more is heard. */
  failure: string | undefined;
  #isOver = false;
  #following: Promise<void> | undefined;

  constructor(exporter: Exporter) {
    this.#exporter = exporter;
  }

  static follow(exporter: Exporter): Watch {
    const watch = new Watch(exporter);
    watch.#following = watch.#follow().catch((error: Error) => {
      watch.failure = `the exporter does not answer: ${error.cause ?? error.message}`;
    });
    return watch;
  }

  all(): readonly Seen[] {
    return [...this.#seen.values()];
  }

  /** Before the exporter ends. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#following;
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      const { incidents } = await this.#exporter.json(`/incidents?limit=${INCIDENTS_MAX}`);
      const seenAt = Date.now();
      for (const incident of incidents as IncidentAnswer[]) {
        this.#seen.set(incident.id, { incident, seenAt: this.#seen.get(incident.id)?.seenAt ?? seenAt });
      }
      await sleep(PAUSE_MS);
    }
  }
}
