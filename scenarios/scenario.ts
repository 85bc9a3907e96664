import type { Stage } from './stage/stage.ts';

/** An incident that must be told of a scenario; where one has a victim, of a victim that plays in it. */
export interface Expected {
  readonly detector: string;
  /**
   * Who must be named: the process that the stage calls its leader, another by the name of its file, or, where a detector
   * accuses no process, the workload alone.
   */
  readonly culprit: 'the leader' | 'the workload' | { readonly exe: string };
  /** From the beginning of the cause until whoever listens knows. */
  readonly withinSeconds?: number;
}

/** Something that happens on a host, and what must be said of it while it does. */
export interface Scenario {
  readonly does: string;
  /** Empty for what only looks like trouble: then every incident is a false one. */
  readonly expects: readonly Expected[];
  /** What else is true of it: an incident of these detectors is no false one, if it accuses the same workload. */
  readonly also?: readonly string[];
  /** Commands, as `test/support/require.ts` takes them. */
  readonly needs?: readonly string[];
  /** It uses next to no CPU, so that others may be played at the same time. */
  readonly isLight?: boolean;
  /** Over in some seconds: part of the smoke run. */
  readonly isQuick?: boolean;
  /** How long it may take until it is told: default a minute. */
  readonly patienceSeconds?: number;
  play(stage: Stage): Promise<void>;
}

/** Its name is its file's. */
export interface NamedScenario extends Scenario {
  readonly name: string;
}

/** Trouble that must be told. */
export function trigger(scenario: Scenario): Scenario {
  return scenario;
}

/** What only looks like trouble, and must not be. */
export function lookalike(scenario: Omit<Scenario, 'expects'>): Scenario {
  return { ...scenario, expects: [] };
}
