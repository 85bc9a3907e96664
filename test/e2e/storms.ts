import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import type { Cgroup } from '../support/cgroup.ts';
import type { Collector } from '../support/collector.ts';
import type { Exporter } from '../support/exporter.ts';
import { type LogRecord, logRecordsOf, type Span, spansOf, valuesByName } from '../support/otlp.ts';

/**
 * Only what we do ourselves is watched, whoever runs it (npm's forks are excused), and on a machine so busy that it hardly forks
 * a loop of forks is a storm too.
 */
export function watching(workload: string): string {
  const storm = 'forkStorm: { forksPerSecond: 5, floorForksPerSecond: 1 }';
  return `detectors: { clearSeconds: 3, builders: [none], include: [{ workload: ${workload} }], ${storm} }`;
}

/** Forks until it is killed, or a test that forgot it is long over. */
export const ENDLESS_STORM: string =
  'my $end = time + 300; while (time < $end) { my $p = fork; exit if !$p; waitpid $p, 0; select undef, undef, undef, 0.004 }';

export async function stormOf(
  exporter: Exporter,
  { path }: Cgroup,
  state: string,
): Promise<IncidentAnswer | undefined> {
  const query = `?detector=fork-storm&state=${state}&workload=${encodeURIComponent(path)}`;
  const { incidents } = await exporter.json(`/incidents${query}`);
  return (incidents as IncidentAnswer[])[0];
}

/** Of an incident, each time that it came. */
export function spansOfIncident({ traces }: Collector, id: string): Span[] {
  return spansOf(traces).filter((span) => valuesByName(span)['culprit.incident.id'] === id);
}

export function spanOf(collector: Collector, id: string): Span | undefined {
  return spansOfIncident(collector, id)[0];
}

export function eventsOf({ logs }: Collector, id: string): LogRecord[] {
  return logRecordsOf(logs).filter((record) => valuesByName(record)['culprit.incident.id'] === id);
}
