import type { IncidentDetail } from './incident-answer.ts';

/** What an engine concluded of a recording. */
export interface Replayed {
  readonly recording: {
    readonly host: string;
    readonly kernelRelease: string;
    /** Version of the Culprit that recorded. */
    readonly culprit: string;
    readonly mode: string;
    /** Of the first event; ISO 8601. */
    readonly began: string;
    readonly seconds: number;
    readonly events: number;
    /** Events that were not recorded, for the disk was too slow. */
    readonly lost: number;
    /** It was stopped, reached its size, was cut off, or is damaged: then what follows could not be read. */
    readonly ending: 'stopped' | 'size' | 'cut' | 'damaged';
    /** A sentence for the last two; else empty. */
    readonly endingReason: string;
    /** Of the last event; ISO 8601. */
    readonly ended: string;
    /** What to know before one believes it. */
    readonly notes: readonly string[];
  };
  /** Those that are open at the end, then the others; the latest of each first. */
  readonly incidents: readonly IncidentDetail[];
  readonly sections: readonly Section[];
}

/** One subject: rows of values by name, the weightiest first. */
export interface Section {
  /** In JSON. */
  readonly name: string;
  /** Above its table. */
  readonly title: string;
  /** What a person is shown of each row. */
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  /** Of the value in the row. */
  readonly name: string;
  readonly heading: string;
  readonly unit?: 'seconds';
}

/** Null: not known. */
export type Row = Readonly<Record<string, string | number | null>>;
