import type { Incident } from '../../core/model/incident.ts';

/** What a collector must still be told of an incident: that it began, that it is over, and all of it as a span. */
export const DEBTS = ['opened', 'ended', 'span'] as const;
export type Debt = (typeof DEBTS)[number];

/** An incident that an earlier run owes. */
export interface Owed {
  readonly incident: Incident;
  readonly debts: readonly Debt[];
}

/** Remembers what is owed beyond the end of this run, however it ends. */
export interface Debts {
  owe(incident: Incident, debt: Debt): void;
  /** It arrived, or can't. */
  settle(id: string, debt: Debt): void;
}
