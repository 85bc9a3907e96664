import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Config, detectorSettings } from '../config/index.ts';
import type { Ledger } from '../core/incident/ledger.ts';
import type { Incident, IncidentChange } from '../core/model/incident.ts';
import type { Store, StoredQuery } from '../store/index.ts';
import { DEBTS, type Debt, type Debts, type Owed } from '../telemetry/incidents/debts.ts';
import type { SelfSample } from '../telemetry/self.ts';
import { now, wallOffsetMs } from './clock.ts';

const KEPT_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** Two events each: as many as an outbox holds. The rest is for the run after. */
const OWED_MAX = 512;

/** The incidents of earlier runs, and of this one: in a file, where that can be had, and nowhere else where not. */
export class IncidentStore implements Debts {
  readonly #config: Config;
  readonly #store: Store | undefined;
  readonly #fault: string | undefined;
  #keeping: NodeJS.Timeout | undefined;

  private constructor(config: Config, store: Store | undefined, fault?: string) {
    this.#config = config;
    this.#store = store;
    this.#fault = fault;
  }

  /** Never rejects: without a file, all goes on without. */
  static async open(config: Config, log: Logger): Promise<IncidentStore> {
    const { path, incidents, retentionDays } = config.store;
    if (path === '') return new IncidentStore(config, undefined);
    try {
      const { Store } = await import('../store/index.ts');
      const store = await Store.open({
        path,
        incidentsMax: incidents,
        ageMsMax: retentionDays * DAY_MS,
        bootId: bootIdOf(config.roots.proc),
        wallOffsetMs,
        log,
      });
      return new IncidentStore(config, store);
    } catch (error) {
      const fault = `incidents are not stored: ${path} ${error instanceof Error ? error.message : error}`;
      log.warn(fault);
      return new IncidentStore(config, undefined, fault);
    }
  }

  take({ incident }: IncidentChange): void {
    this.#store?.put(incident);
  }

  /** What collectors must still be told of it, kept with it. */
  owe(incident: Incident, debt: Debt): void {
    this.#store?.put(incident, bitOf(debt));
  }

  settle(id: string, debt: Debt): void {
    this.#store?.settle(id, bitOf(debt));
  }

  /** What earlier runs owe, the oldest first. */
  owed(): Owed[] {
    const left = this.#store?.owed(OWED_MAX) ?? [];
    return left.map(({ incident, owed }) => ({ incident, debts: DEBTS.filter((debt) => (owed & bitOf(debt)) !== 0) }));
  }

  /** What was left open goes on, where a detector that runs may still confirm it; what is of another boot is lost. */
  resume(ledger: Ledger): void {
    const store = this.#store;
    if (store === undefined) return;
    const settings = detectorSettings(this.#config.detectors);
    const left = Object.groupBy(store.left(), ({ incident, isOfThisBoot }) =>
      isOfThisBoot && settings[incident.detector]?.isEnabled ? 'here' : 'gone',
    );
    ledger.giveUp(
      (left.gone ?? []).map(({ incident }) => incident),
      now(),
    );
    ledger.resume(
      (left.here ?? []).map(({ incident }) => incident),
      now(),
    );
    store.keep([]);
    this.#keeping = setInterval(() => store.keep(ledger.open()), KEPT_EVERY_MS).unref();
  }

  get(id: string): Incident | undefined {
    return this.#store?.get(id);
  }

  /** The latest first, without those that `isKnown`. */
  find(query: StoredQuery, limit: number, isKnown: (id: string) => boolean): Incident[] {
    return this.#store?.find(query, limit, ({ id }) => !isKnown(id)) ?? [];
  }

  /** Why incidents are not stored, if they should be. */
  faults(): string[] {
    const fault = this.#fault ?? this.#store?.fault();
    return fault === undefined ? [] : [fault];
  }

  *readings(): Iterable<SelfSample> {
    if (this.#config.store.path === '') return;
    const reading = this.#store?.reading();
    yield one('culprit.store.up', Number(reading?.isUp ?? false));
    yield one('culprit.store.failures', reading?.failures ?? 1);
    if (reading === undefined) return;
    yield one('culprit.store.incidents', reading.incidents);
    yield one('culprit.store.writes', reading.written);
    yield one('culprit.store.dropped', reading.dropped);
    yield one('culprit.store.pruned', reading.pruned);
    yield one('culprit.store.damaged', reading.damaged);
    yield one('culprit.store.busy', reading.seconds);
  }

  close(): void {
    clearInterval(this.#keeping);
    this.#store?.close();
  }
}

function bitOf(debt: Debt): number {
  return 1 << DEBTS.indexOf(debt);
}

/** Where nobody tells, no boot is like another. */
function bootIdOf(proc: string): string {
  try {
    return readFileSync(`${proc}/sys/kernel/random/boot_id`, 'latin1').trim();
  } catch {
    return randomUUID(); // what was open is lost then, and said to be
  }
}

function one(family: SelfSample['family'], value: number): SelfSample {
  return { family, labels: {}, value };
}
