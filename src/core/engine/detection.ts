import type { Sight } from '../detect/contract.ts';
import { Desk, type DeskOptions, type DeskSettings } from '../detect/desk.ts';
import { DETECTORS } from '../detect/index.ts';
import { Ledger, type LedgerOptions } from '../incident/ledger.ts';
import { describer } from './describe.ts';

/** What may change while it watches. */
export type DetectionSettings = DeskSettings & Pick<LedgerOptions, 'clearMs'>;

export interface DetectionOptions
  extends Partial<Pick<LedgerOptions, 'newId' | 'onChange' | 'openMax' | 'historyMax' | 'clearMs'>>,
    DeskSettings,
    Partial<Pick<DeskOptions, 'detectors'>> {
  /** How many the host has. Default 1. */
  readonly cpus?: number;
}

export interface Detection {
  readonly desk: Desk;
  readonly ledger: Ledger;
  /** Incidents that are open stay so, and detectors whose options stay go on. */
  change(to: DetectionSettings): void;
  /** What there was no room for. */
  unwatched(): { readonly detectors: number; readonly incidents: number };
}

/** From what the core knows to incidents. Without a source of ids they are counted, which a replay does alike each time. */
export function createDetection(
  core: Pick<Sight, 'tree' | 'accounts' | 'blame' | 'cpuUse'>,
  { detectors = DETECTORS, cpus = 1, ...options }: DetectionOptions = {},
): Detection {
  let ids = 0;
  const ledger = new Ledger({ newId: () => `incident-${++ids}`, ...options, describe: describer(core) });
  const desk = new Desk(
    { ...core, cpus },
    {
      ...options,
      detectors,
      report: (detector, confirmMs, findings, at) => ledger.observe(detector, confirmMs, findings, at),
    },
  );
  for (const { id, severity } of detectors) ledger.tallies.expect(id, severity);
  const change = (to: DetectionSettings) => {
    desk.change(to);
    if (to.clearMs !== undefined) ledger.clearMs = to.clearMs;
  };
  return { desk, ledger, change, unwatched: () => ({ detectors: desk.refused, incidents: ledger.refused }) };
}
