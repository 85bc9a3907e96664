import type { AccountOptions } from '../../../src/core/account/books.ts';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';

export const WEB = { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' } as const;
export const DB = { kind: 'cgroup-made', at: 0, cgroupId: 200, path: '/system.slice/db.service' } as const;

/** What there is to see with probes. */
const ALL = { lifecycle: true, counts: true, fds: true };

/** An engine that saw these events and no others: with every sense and the default limits, unless it is told first. */
export function after(...events: readonly (Event | { readonly options: Partial<AccountOptions> })[]): Engine {
  const [first] = events;
  const engine = createEngine({ senses: ALL, ...(first !== undefined && 'options' in first ? first.options : {}) });
  for (const event of events) if ('kind' in event) engine.observe(event);
  return engine;
}

/** A whole snapshot with these samples. */
export function snapshot(at: number, ...samples: readonly Event[]): Event[] {
  return [{ kind: 'snapshot-begin', at }, ...samples, { kind: 'snapshot-end', at }];
}
