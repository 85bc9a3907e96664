import type { Runbook } from '../core/detect/contract.ts';
import { DETECTORS } from '../core/detect/index.ts';

const RUNBOOKS = new Map(DETECTORS.map(({ id, runbook }) => [id, runbook]));

/** Undefined of a detector that there is no more: its incidents may be older than this Culprit. */
export function runbookOf(detector: string): Runbook | undefined {
  return RUNBOOKS.get(detector);
}
