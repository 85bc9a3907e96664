import type { IncidentChange } from '../core/model/incident.ts';
import type { Debt, Debts, Owed } from './incidents/debts.ts';
import type { Told } from './incidents/told.ts';
import type { OtlpOptions } from './otlp/connection.ts';
import { type Delivery, Outbox } from './outbox/outbox.ts';
import type { SelfSample } from './self.ts';

/** For the last of it, when the end is near. */
const CLOSE_MS = 3_000;

export interface IncidentPushOptions {
  readonly version: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** What added to monotonic milliseconds makes Unix time. */
  readonly wallOffsetMs: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  readonly log: (message: string) => void;
  /** Default: what is left at the end is lost. */
  readonly debts?: Debts;
}

/** Where each signal goes; one that is undefined goes nowhere. */
export interface IncidentTargets {
  readonly traces: OtlpOptions | undefined;
  readonly logs: OtlpOptions | undefined;
}

/**
 * Incidents as OpenTelemetry's spans and log events, each sent until it arrived.
 *
 * A span is sent when its incident is over, once, and not at the end of Culprit: one that is still open then is resumed, or found
 * to be over, by the next. What did not arrive before the end is owed, and sent by the next run. Everything of OpenTelemetry is
 * loaded with the first connection; what comes before it waits.
 */
export class IncidentPush {
  readonly #options: IncidentPushOptions;
  readonly #spans: Outbox<Told>;
  readonly #records: Outbox<Told>;
  #isInUse = false;

  constructor(options: IncidentPushOptions) {
    this.#options = options;
    const settle = (debtOf: (told: Told) => Debt) => (items: readonly Told[]) => {
      for (const told of items) options.debts?.settle(told.incident.id, debtOf(told));
    };
    this.#spans = new Outbox({ ...options, signal: 'traces', onSettled: settle(() => 'span') });
    this.#records = new Outbox({ ...options, signal: 'logs', onSettled: settle(recordOf) });
  }

  /**
   * Opens another way out; the answer takes it in use. What waits leaves by it, or is given up when there is none.
   * Rejects when an option is unusable, and then nothing has changed.
   */
  async prepare({ traces, logs }: IncidentTargets, resource: Readonly<Record<string, string>>): Promise<() => void> {
    if (traces === undefined && logs === undefined) return () => this.#use(undefined, undefined);

    const { openLogs, openTraces, routeDiagnostics, tellerOf } = await import('./incidents/ways.ts');
    const teller = tellerOf(resource, this.#options.version);
    const spans = traces && (await openTraces(traces, teller));
    const records = logs && (await openLogs(logs, teller));
    return () => {
      routeDiagnostics(this.#options.log, this.#options.now);
      this.#use(spans, records);
    };
  }

  take({ kind, at, incident }: IncidentChange): void {
    if (kind === 'peaked') return;
    // The ledger's own object changes on.
    const told: Told = { kind, at, incident: { ...incident }, wallOffsetMs: this.#options.wallOffsetMs() };
    if (this.#records.put(told)) this.#options.debts?.owe(incident, recordOf(told));
    if (kind !== 'opened' && this.#spans.put(told)) this.#options.debts?.owe(incident, 'span');
  }

  /** What earlier runs could not get rid of, as their incidents ended; that one began is told with what is known of it now. */
  resume(owed: Iterable<Owed>): void {
    for (const { incident, debts } of owed) {
      const wallOffsetMs = this.#options.wallOffsetMs();
      const begun: Told = { kind: 'opened', at: incident.detectedAt, incident, wallOffsetMs };
      if (debts.includes('opened')) this.#records.put(begun);
      if (incident.state === 'open') continue;
      const ended: Told = { kind: incident.state, at: incident.resolvedAt, incident, wallOffsetMs };
      if (debts.includes('ended')) this.#records.put(ended);
      if (debts.includes('span')) this.#spans.put(ended);
    }
  }

  *readings(): Iterable<SelfSample> {
    if (!this.#isInUse) return;
    yield* this.#spans.readings();
    yield* this.#records.readings();
  }

  /** Sends what waits, for 3 s at most; resolves with how much was left. */
  async close(): Promise<number> {
    const left = await Promise.all([this.#spans.close(CLOSE_MS), this.#records.close(CLOSE_MS)]);
    return left[0] + left[1];
  }

  #use(spans: Delivery<Told> | undefined, records: Delivery<Told> | undefined): void {
    this.#isInUse ||= spans !== undefined || records !== undefined;
    this.#spans.connect(spans);
    this.#records.connect(records);
  }
}

function recordOf({ kind }: Told): Debt {
  return kind === 'opened' ? 'opened' : 'ended';
}
