import type { WorkloadNames } from '../core/model/names.ts';

/** What a source tells of its own accord. */
export interface Hearing {
  named(names: WorkloadNames): void;
  /** Something happened to a container; its names can be looked up. */
  heard(containerId: string): void;
}

/** Somebody on this host who knows what containers are called. */
export interface Source {
  /** Its socket, or its address. */
  readonly name: string;
  /** Asked only for what nobody else knows. */
  readonly isLastResort?: boolean;
  /**
   * Asks for these and no others; who is not in the answer is not known there. Rejects when there is no answer, or one that
   * can't be read.
   */
  lookUp(containerIds: readonly string[], signal: AbortSignal): Promise<readonly WorkloadNames[]>;
  /**
   * Listens until the stream ends or `signal` aborts. Calls `opened` once the source listens to us, and resolves to false at
   * once where it has no events to tell.
   */
  listen(hearing: Hearing, opened: () => void, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
