import { listWorkloads } from '../core/engine/list-workloads.ts';
import { pressures } from '../core/engine/pressures.ts';
import type { PressureQuery, WorkloadsFound, WorkloadsQuery } from '../http/index.ts';
import type { ViewSources } from './views.ts';

/** What the core knows of workloads. */
export function workloadViews({ engine, now, degraded }: Pick<ViewSources, 'engine' | 'now' | 'degraded'>) {
  return {
    workloads(query: WorkloadsQuery): WorkloadsFound {
      return { ...listWorkloads(engine, query, now()), degraded: degraded() };
    },

    pressure(query: PressureQuery): object {
      return { ...pressures(engine, query, now()), degraded: degraded() };
    },
  };
}
