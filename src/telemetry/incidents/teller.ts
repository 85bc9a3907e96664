import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';

/** Who tells of incidents. */
export interface Teller {
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
}
