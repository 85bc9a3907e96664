import type { Fact, Finding, Forecast } from '../../model/finding.ts';
import type { Process } from '../../model/process.ts';
import type { Instant } from '../../model/units.ts';
import { fact, nameOf } from '../entities.ts';
import type { LeakEvidence } from './series.ts';

type Told = Pick<Finding, 'value' | 'unit' | 'windowMs' | 'onsetAt' | 'facts'>;

/** What any finding of growth tells; `more` says who grows. */
export function growthOf(evidence: LeakEvidence, source: string, now: Instant, more: readonly Fact[]): Told {
  const { goneRatio, growthBytes, leftBytes, slopeBytesPerSecond, windowSeconds } = evidence;
  const windowMs = windowSeconds * 1_000;
  return {
    value: goneRatio,
    unit: '1',
    windowMs,
    onsetAt: now - windowMs,
    facts: [
      fact('growth', growthBytes, 'By', source, now, windowMs),
      fact('growth a second, now', slopeBytesPerSecond, 'By/s', source, now, windowMs),
      fact('left', leftBytes, 'By', source, now),
      ...more,
      fact('time left, at the fastest tenth of its rates', evidence.forecastSecondsLow, 's', source, now, windowMs),
      fact('time left, at the slowest tenth', evidence.forecastSecondsHigh, 's', source, now, windowMs),
    ],
  };
}

/** Who of a workload gained most. */
export function growerFact(process: Process, bytes: number, windowMs: number, now: Instant): Fact {
  return fact(`of it by ${nameOf(process)} (pid ${process.pid})`, bytes, 'By', 'iter/task', now, windowMs);
}

/** `holder` is whose limit is the nearest; the host's memory where nobody's is. */
export function forecastOf({ forecastSeconds }: LeakEvidence, holder: string | undefined): Forecast {
  const what = holder === undefined ? 'the host has no memory left' : `the memory limit of ${holder} is reached`;
  return { what, seconds: forecastSeconds };
}
