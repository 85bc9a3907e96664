import type { Config } from '../config/index.ts';
import type { Event } from '../core/model/event.ts';
import type { SelfSample } from '../telemetry/self.ts';
import { Namer, openSources } from '../workload/index.ts';
import { now } from './clock.ts';

/** Who finds out what containers are called. */
export function createNamer({ workloads, roots }: Config, emit: (event: Event) => void): Namer {
  const options = { ...workloads, hostRoot: roots.host };
  return new Namer({ find: (known) => openSources(options, known), emit, now });
}

/** What it tells of itself. */
export function* nameReadings(namer: Namer): Iterable<SelfSample> {
  const { sources, unnamed, refused } = namer.reading();

  yield one('culprit.workload.unnamed', unnamed);
  yield one('culprit.workload.lookups.refused', refused);
  for (const { source, success, requests, names } of sources) {
    yield one('culprit.workload.source.success', success === undefined ? Number.NaN : Number(success), { source });
    yield one('culprit.workload.source.names', names, { source });
    for (const [outcome, count] of Object.entries(requests))
      yield one('culprit.workload.source.requests', count, { source, outcome });
  }
}

function one(family: SelfSample['family'], value: number, labels: Readonly<Record<string, string>> = {}): SelfSample {
  return { family, labels, value };
}
