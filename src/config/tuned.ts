import type { Fault } from './fault.ts';
import { readFlags } from './flags.ts';
import type { Layer, Tree } from './layer.ts';
import { readConfig, type Sources } from './load.ts';
import { merge } from './merge.ts';
import type { Config } from './schema.ts';

/** Settings of detectors for events that happened already. */
export interface Tuned {
  readonly detectors: Config['detectors'];
  /** Faulty keys stand at their defaults. */
  readonly faults: readonly Fault[];
}

/**
 * The settings that a recording tells, or in their place those of the file that `--config` names, and flags above.
 *
 * The environment has no say: a replay is the same on every host.
 */
export function tunedDetectors(recorded: object, { flags = [], readFile }: Pick<Sources, 'flags' | 'readFile'>): Tuned {
  const above = readFlags(flags);
  const below = above.file === undefined ? layerOf(recorded) : readConfig(above.file, readFile);
  const { config, faults } = merge([below, above]);
  return { detectors: config.detectors, faults };
}

function layerOf(recorded: object): Layer {
  const value: Tree = { detectors: structuredClone(recorded) };
  return { value, faults: [], place: () => ({ source: 'file', name: 'the recording' }) };
}
