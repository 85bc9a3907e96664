import { Ledger, type LedgerOptions } from '../../../src/core/incident/ledger.ts';
import type { Finding } from '../../../src/core/model/finding.ts';

const FINDER = { id: 'pressure', title: 'Pressure', severity: 'warning' } as const;
const WEB = { kind: 'unit', name: 'web.service' } as const;

export function finding(name: string, strength: number, more: Partial<Finding> = {}): Finding {
  return {
    entity: { kind: 'workload', key: name, name },
    strength,
    value: strength * 40,
    threshold: 40,
    unit: '%',
    windowMs: 10_000,
    culprit: undefined,
    workload: WEB,
    facts: [{ what: 'stalled', value: strength, unit: '1', source: 'PSI', from: 0, to: 1 }],
    ...more,
  };
}

/** A ledger, and what it told. */
export function opened(options: Partial<LedgerOptions> = {}) {
  const told: string[] = [];
  let ids = 0;
  const ledger = new Ledger({
    newId: () => `i${++ids}`,
    describe: ({ workload }) => ({ process: undefined, lineage: [], group: '', workload }),
    onChange: ({ kind, at, incident }) => told.push(`${kind} ${incident.entity.name} at ${at}`),
    ...options,
  });
  /** Each second from `from` until before `to`, this is so. */
  const hold = (from: number, to: number, findings: readonly Finding[], confirmMs = 0) => {
    for (let at = from; at < to; at += 1_000) ledger.observe(FINDER, confirmMs, findings, at);
  };
  return { ledger, told, hold };
}
