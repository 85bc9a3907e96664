import type { Event, EventKind } from '../../model/event.ts';

/** Also of an event that has one of several kinds. */
type EventOf<Kind extends EventKind, Each = Event> = Each extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Each
    : never
  : never;

/** What the core makes of the events of one subject. In the engine a kind that nobody learns from does not compile. */
export type Lessons<Kind extends EventKind> = { readonly [Each in Kind]: (event: EventOf<Each>) => void };
