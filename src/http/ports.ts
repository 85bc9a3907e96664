import type { Incident } from '../core/model/incident.ts';
import type { BlameQuery } from './blame.ts';
import type { IncidentQuery, IncidentsFound } from './incidents.ts';
import type { RunbookAnswer } from './incidents-schema.ts';
import type { GraphBounds, Wanted } from './process.ts';
import type { ProcessesFound, ProcessesQuery } from './processes.ts';
import type { EventStream } from './stream/event-stream.ts';
import type { PressureQuery, WorkloadsFound, WorkloadsQuery } from './workloads.ts';

/** One answer to a scrape. */
export interface Page {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** The content coding of the body, such as `gzip`; absent when it is plain. */
  readonly encoding?: string | undefined;
  /** Called once when the body has been written or its client is gone: its bytes may change from then on. */
  readonly release?: (() => void) | undefined;
}

export interface Exposition {
  /** Takes the two request headers as they came. A rejection becomes a 500 with its message. */
  scrape(accept: string | undefined, acceptEncoding: string | undefined): Promise<Page>;
}

export interface Readiness {
  /** `reasons` says which sense is missing; with `ready` it is degraded, and says so. */
  ready(): { readonly ready: boolean; readonly mode: string; readonly reasons: readonly string[] };
}

export type ReloadOutcome = { readonly ok: true } | { readonly ok: false; readonly faults: string };

export interface Incidents {
  /** Ids of detectors that may be asked for. */
  readonly detectors: readonly string[];
  /** The latest first. */
  find(query: IncidentQuery): IncidentsFound;
  get(id: string): Incident | undefined;
  /** Undefined where there is no such detector any more. */
  runbookOf(detector: string): RunbookAnswer | undefined;
  /** Monotonic milliseconds, as instants are. */
  now(): number;
  /** What added to an instant makes Unix time. */
  wallOffsetMs(): number;
}

/** What the server answers from. */
export interface Sources {
  readonly version: string;
  readonly exposition: Exposition;
  readonly readiness: Readiness;
  status(): object;
  /** As `BlameAnswer` describes it. */
  blame(query: BlameQuery): object;
  readonly incidents: Incidents;
  readonly stream: EventStream;
  /** As `ProcessesAnswer` describes it, with the place of the last where more come. */
  processes(query: ProcessesQuery): ProcessesFound;
  /** As `ProcessAnswer` describes it. */
  process(wanted: Wanted): object | undefined;
  /** As `ForestAnswer` describes it. */
  forest(bounds: GraphBounds): object;
  /** As `GraphAnswer` describes it. */
  graph(wanted: Wanted, bounds: GraphBounds): object | undefined;
  /** In Markdown; undefined where there is none. */
  runbook(name: string): Promise<string | undefined>;
  /** As `WorkloadsAnswer` describes it, with the place of the last where more come. */
  workloads(query: WorkloadsQuery): WorkloadsFound;
  /** As `PressureAnswer` describes it. */
  pressure(query: PressureQuery): object;
  reload(): Promise<ReloadOutcome>;
}
