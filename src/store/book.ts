import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type Incident, type IncidentState, onClock } from '../core/model/incident.ts';
import { decode, encode } from './record.ts';

/** The clock that instants are of, as of now. */
export interface Clock {
  readonly bootId: string;
  /** What added to an instant makes Unix time. */
  readonly wallOffsetMs: () => number;
}

/** What is asked for; undefined is everything. */
export interface StoredQuery {
  readonly state: IncidentState | undefined;
  readonly detector: string | undefined;
  readonly workload: string | undefined;
  readonly sinceAt: number | undefined;
  /** Only those before this id. */
  readonly before: string | undefined;
}

type Row = Readonly<Record<string, SQLOutputValue>>;

const PUT = `
  insert into incident
  values (:id, :state, :detector, :workload, :victim, :detected_ms, :boot_id, :offset_ms, :record, :owed)
  on conflict (id) do update set
    state = :state, workload = :workload, victim = :victim, detected_ms = :detected_ms, boot_id = :boot_id,
    offset_ms = :offset_ms, record = :record, owed = owed | :owed`;

const SETTLE = 'update incident set owed = owed & ~:settled where id = :id';

const OWED = 'select boot_id, offset_ms, record, owed from incident where owed <> 0 order by id limit :count';

const FIND = `
  select boot_id, offset_ms, record from incident
  where (:state is null or state = :state) and (:detector is null or detector = :detector)
    and (:workload is null or workload = :workload or victim = :workload)
    and (:since_ms is null or detected_ms >= :since_ms) and (:before is null or id < :before)
  order by id desc`;

const LEFT = `select boot_id, offset_ms, record from incident where state = 'open' order by id`;

const PRUNE_OLD = `
  delete from incident where id in
    (select id from incident where detected_ms < :before_ms and state <> 'open' order by detected_ms limit :count)`;

const PRUNE_MANY = `
  delete from incident where id in (select id from incident where state <> 'open' order by id limit :count)`;

/** What is to be written of an incident: how it is, and what is owed of it since, and no more. */
export interface Entry {
  readonly id: string;
  readonly incident: Incident | undefined;
  /** Bits. */
  readonly owed: number;
  readonly settled: number;
}

/** The incidents in the file. Every method throws what SQLite throws. */
export class Book {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #put: StatementSync;
  readonly #settle: StatementSync;
  readonly #find: StatementSync;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#put = database.prepare(PUT);
    this.#settle = database.prepare(SETTLE);
    this.#find = database.prepare(FIND);
  }

  /** All of them or none. */
  putAll(entries: Iterable<Entry>): void {
    this.#database.exec('begin immediate');
    try {
      for (const { id, incident, owed, settled } of entries) {
        if (incident !== undefined) this.#write(incident, owed);
        if (settled !== 0) this.#settle.run({ id, settled });
      }
      this.#database.exec('commit');
    } catch (error) {
      // A full disk may have rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    }
  }

  /** The latest first. Whoever has enough stops asking. */
  *find({ state, detector, workload, sinceAt, before }: StoredQuery): Generator<Incident> {
    const rows = this.#find.iterate({
      state: state ?? null,
      detector: detector ?? null,
      workload: workload ?? null,
      since_ms: sinceAt === undefined ? null : sinceAt + this.#clock.wallOffsetMs(),
      before: before ?? null,
    });
    for (const row of rows) yield this.#incidentOf(row);
  }

  get(id: string): Incident | undefined {
    const row = this.#database.prepare('select * from incident where id = ?').get(id);
    return row && this.#incidentOf(row);
  }

  /** Those that are open, the oldest first; and whether this boot saw them. */
  left(): { readonly incident: Incident; readonly isOfThisBoot: boolean }[] {
    return this.#database
      .prepare(LEFT)
      .all()
      .map((row) => ({ incident: this.#incidentOf(row), isOfThisBoot: row.boot_id === this.#clock.bootId }));
  }

  /** Of which something is owed, the oldest first. */
  owed(count: number): { readonly incident: Incident; readonly owed: number }[] {
    const rows = this.#database.prepare(OWED).all({ count });
    return rows.map((row) => ({ incident: this.#incidentOf(row), owed: Number(row.owed) }));
  }

  count(): number {
    return Number(this.#database.prepare('select count(*) as n from incident').get()?.n);
  }

  /** So many at most of those found before; how many it were. */
  pruneOld(beforeMs: number, count: number): number {
    return Number(this.#database.prepare(PRUNE_OLD).run({ before_ms: beforeMs, count }).changes);
  }

  /** The oldest so many of those that are closed; how many it were. */
  pruneMany(count: number): number {
    return Number(this.#database.prepare(PRUNE_MANY).run({ count }).changes);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #write(incident: Incident, owed: number): void {
    const { id, state, detector, culprit, victim, detectedAt } = incident;
    const offsetMs = this.#clock.wallOffsetMs();
    this.#put.run({
      id,
      state,
      detector,
      workload: culprit.workload?.name ?? null,
      victim: victim?.name ?? null,
      detected_ms: detectedAt + offsetMs,
      boot_id: this.#clock.bootId,
      offset_ms: offsetMs,
      record: encode(incident),
      owed,
    });
  }

  /** What goes on keeps its instants, whatever became of the wall clock; what is past, or of another boot, its times of day. */
  #incidentOf(row: Row): Incident {
    const incident = decode(String(row.record));
    const goesOn = incident.state === 'open' && row.boot_id === this.#clock.bootId;
    return goesOn ? incident : onClock(incident, Number(row.offset_ms) - this.#clock.wallOffsetMs());
  }
}
