import type { Event } from '../core/model/event.ts';
import type { Owner } from '../core/model/stall.ts';
import type { CgroupId } from '../core/model/units.ts';

/** The same event; one that names a quota, by the v2 id of whose it is. */
export function withQuotas(event: Event, quotaOf: (id: CgroupId) => CgroupId): Event {
  if (event.kind === 'waiting') return { ...event, owner: withQuota(event.owner, quotaOf) };
  if (event.kind !== 'long-wait') return event;
  return { ...event, parts: event.parts.map((part) => ({ ...part, owner: withQuota(part.owner, quotaOf) })) };
}

function withQuota(owner: Owner, quotaOf: (id: CgroupId) => CgroupId): Owner {
  return owner.kind === 'throttle' ? { kind: 'throttle', id: quotaOf(owner.id) } : owner;
}
