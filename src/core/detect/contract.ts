import type { Accounts } from '../account/accounts.ts';
import type { OnRename } from '../account/names.ts';
import type { CpuUse } from '../blame/cpu-use.ts';
import type { Matrix } from '../blame/matrix.ts';
import type { Event, EventKind } from '../model/event.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Tree } from '../tree/tree.ts';
import type { Subtrees } from './subtrees.ts';

/** What the core knows, for detectors to ask: all of it is up to date when they hear of an event. */
export interface Sight {
  readonly tree: Tree;
  readonly accounts: Accounts;
  readonly blame: Matrix;
  readonly cpuUse: CpuUse;
  /** To whose subtree each process belongs; it counts who lives. */
  readonly subtrees: Subtrees;
  /** How many CPUs the host has. */
  readonly cpus: number;
  /** Whether it, or whoever it works for, is a build tool, a package manager or the like: many children are its trade. */
  isBuilder(process: Process): boolean;
  /** Whether starting the jobs of others is its own trade, as it is cron's. */
  isLauncher(process: Process): boolean;
  /** Asks to be assessed at once, not at the next tick. */
  urge(): void;
  /** Counts something that there was no room to watch. */
  refuse(): void;
}

/** `process` is who the event is about, as far as the tree knows it; undefined of events that are about none. */
type Handlers = {
  readonly [Kind in EventKind]?: (event: Extract<Event, { kind: Kind }>, process: Process | undefined) => void;
};

export interface Watch {
  /** Hot path: record, decide nothing, allocate nothing. The tree and the accounts know of the event already. */
  readonly on?: Handlers;
  /** Once a second: everyone who is at 70 % of the threshold or above it, whether or not it was before. */
  assess(now: Instant): Iterable<Finding>;
  /** What it keeps by the name of a workload is the other's from now on. Findings need not be renamed: that is the ledger's matter. */
  readonly rename?: OnRename;
}

/** A number that an operator may change; its unit is the end of its name. */
export interface Option {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly description: string;
}

export type OptionValues<Options> = { readonly [Name in keyof Options]: number };

/** The four headings of a runbook; prose, none of them empty. */
export interface Runbook {
  readonly meaning: string;
  readonly impact: string;
  readonly diagnosis: string;
  readonly mitigation: string;
}

/** What is wrong, how it is seen, and what to do: configuration, documentation and alerts are derived from it. */
export interface Detector<Options extends Readonly<Record<string, Option>> = Readonly<Record<string, Option>>> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly options: Options;
  /** Of `options`, the one that says how many seconds a finding must hold before it is an incident. */
  readonly confirm?: keyof Options & string;
  readonly runbook: Runbook;
  watch(options: OptionValues<Options>, sight: Sight): Watch;
}

/** As any list of detectors holds it: whose options they are is known to itself alone. */
export type AnyDetector = Omit<Detector, 'watch'> & {
  watch(options: Readonly<Record<string, number>>, sight: Sight): Watch;
};

export function detector<const Options extends Readonly<Record<string, Option>>>(
  value: Detector<Options>,
): AnyDetector {
  return {
    ...value,
    watch: (options, sight) => value.watch({ ...defaultsOf(value), ...options } as OptionValues<Options>, sight),
  };
}

export function defaultsOf({ options }: Pick<Detector, 'options'>): Record<string, number> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
}

/** Bounds that keep an option lawful: above nothing, and a share at most 1. */
export function option(initial: number, description: string): Option {
  const isShare = initial <= 1;
  return { default: initial, minimum: isShare ? 0.01 : 1, maximum: isShare ? 1 : initial * 1_000, description };
}
