import type { Section } from '../../cli/index.ts';
import type { Engine } from '../../core/engine/engine.ts';
import type { Event } from '../../core/model/event.ts';

/** Says what the engine concluded of one subject. Without a clock or chance: two replays must say the same. */
export interface Witness {
  /** Of each event, after the engine took it: for what the engine does not keep until the end. */
  observe?(event: Event): void;
  /** When the last event was taken. */
  tell(): Section;
}

/** Makes the witness of an engine that has seen nothing yet. */
export type Summons = (engine: Engine) => Witness;
