import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import type { SelfReading } from '../self.ts';
import { SELF_FAMILIES, type SelfFamily } from '../table.ts';

/** What Culprit tells of itself, as observable instruments of the SDK that all take one reading. */
export function observeSelf(meter: Meter, self: SelfReading): void {
  const instruments = new Map<string, Observable>(
    SELF_FAMILIES.map((family) => [family.name, instrument(meter, family)]),
  );

  meter.addBatchObservableCallback(
    (result: BatchObservableResult) => {
      for (const { family, labels, value } of self()) {
        if (!Number.isNaN(value)) result.observe(instruments.get(family)!, value, { ...labels });
      }
    },
    [...instruments.values()],
  );
}

function instrument(meter: Meter, { name, unit, help, kind }: SelfFamily): Observable {
  const options = { unit, description: help };
  switch (kind) {
    case 'counter':
      return meter.createObservableCounter(name, options);
    case 'updowncounter':
      return meter.createObservableUpDownCounter(name, options);
    case 'gauge':
      return meter.createObservableGauge(name, options);
    default:
      return kind satisfies never;
  }
}
