import { after } from 'node:test';
import { createExposition } from '../../src/telemetry/exposition.ts';
import { type MetricsOptions, type Otlp, type OtlpSource, openOtlp } from '../../src/telemetry/otlp.ts';
import type { SelfSample } from '../../src/telemetry/self.ts';
import type { Collector } from '../support/collector.ts';
import { samplesOf } from '../support/page.ts';
import { busySheets, random } from './accounts.ts';

const SELF: readonly SelfSample[] = [
  { family: 'culprit.build_info', labels: { version: '0.1.0' }, value: 1 },
  { family: 'culprit.events', labels: { kind: 'fork' }, value: 27 },
  { family: 'culprit.map.entries', labels: { map: 'cgroups' }, value: 12 },
  { family: 'process.cpu', labels: {}, value: 1.25 },
  { family: 'process.start_time', labels: {}, value: 1_700_000_000.25 },
];

export const OPTIONS: MetricsOptions = {
  endpoint: '',
  ownEndpoint: '',
  protocol: 'grpc',
  headers: {},
  timeoutSeconds: 3,
  intervalSeconds: 3_600,
  compression: 'none',
  insecure: false,
  caFile: '',
  certFile: '',
  keyFile: '',
};

const opened: { close(): unknown }[] = [];
after(() => Promise.all(opened.map((one) => one.close())));

/** What there is to push. */
export function source(sheets = busySheets(1_000, random(7)), lines: string[] = []): OtlpSource {
  return {
    sheets,
    self: () => SELF,
    resource: { 'service.name': 'culprit', 'host.id': 'abc' },
    version: '0.1.0',
    now: () => 60_000,
    wallOffsetMs: () => 1_700_000_000_000,
    log: (line) => lines.push(line),
  };
}

/** Closed after the tests, as collectors are. */
export async function open(options: Partial<MetricsOptions>, from: OtlpSource = source()): Promise<Otlp> {
  const otlp = await openOtlp({ ...OPTIONS, ...options }, from);
  opened.push(otlp);
  return otlp;
}

export async function listening(collector: Promise<Collector>): Promise<Collector> {
  const one = await collector;
  opened.push(one);
  return one;
}

/** The samples that a scrape of the same source shows. */
export async function scraped({ sheets, self, now, resource }: OtlpSource): Promise<Map<string, number>> {
  const exposition = createExposition({ sheets, self, now, resource, exemplarOf: () => undefined });
  const samples = samplesOf(Buffer.from((await exposition.scrape()).body).toString());
  return new Map([...samples].filter(([key]) => !key.startsWith('target_info')));
}
