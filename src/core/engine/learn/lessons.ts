import type { EventKind, EventOf } from '../../model/event.ts';

/** What the core makes of the events of one subject. In the engine a kind that nobody learns from does not compile. */
export type Lessons<Kind extends EventKind> = { readonly [Each in Kind]: (event: EventOf<Each>) => void };
