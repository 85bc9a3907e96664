import type { OnRename } from '../account/names.ts';
import type { Event, EventKind } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { AnyDetector } from './contract.ts';
import { type Desks, emptySeat, goesOn, type Known, type Seat, seatOf } from './seat.ts';
import { isWanted, type Selector } from './selectors.ts';
import { Subtrees } from './subtrees.ts';
import { Trades } from './trades.ts';

export interface DetectorSettings {
  readonly isEnabled?: boolean;
  readonly options?: Readonly<Record<string, number>>;
}

/** What may be other tomorrow. */
export interface DeskSettings {
  /** By id; what is not named has its defaults. */
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly builders?: readonly string[];
  readonly launchers?: readonly string[];
  /** What an operator wants to hear of; everything, if this is empty. */
  readonly include?: readonly Selector[];
  /** And what not, even so. */
  readonly exclude?: readonly Selector[];
}

export interface DeskOptions extends DeskSettings {
  readonly detectors: readonly AnyDetector[];
  /** All that a detector holds true now. */
  readonly report: (detector: AnyDetector, confirmMs: number, findings: readonly Finding[], at: Instant) => void;
}

/** Rates are told over whole seconds; a tick that comes early or twice tells nothing new. */
const ASSESS_MS_MIN = 500;
/** A storm of offenders that each want to be assessed at once is assessed ten times a second. */
const URGENT_MS_MIN = 100;

type Listener = (event: never, process: Process | undefined) => void;

/** Tells each detector what it listens for, and asks all of them once a second what is wrong. */
export class Desk {
  /** What detectors had no room to watch. */
  refused = 0;

  readonly #sight: Known;
  readonly #options: DeskOptions;
  readonly #subtrees: Subtrees;
  readonly #trades: Trades;
  readonly #seats = new Map<string, Seat>();
  #listeners: { [Kind in EventKind]?: Listener[] } = {};
  #settings: DeskSettings = {};
  #isUrgent = false;

  constructor(sight: Known, options: DeskOptions) {
    this.#sight = sight;
    this.#options = options;
    this.#subtrees = new Subtrees(sight.tree);
    this.#trades = new Trades(sight.tree);
    this.change(options);
  }

  /** From now on so. Who keeps its options keeps what it has watched; who gets others begins anew. */
  change(to: DeskSettings): void {
    this.#settings = to;
    this.#trades.change(to.builders, to.launchers);
    for (const detector of this.#options.detectors) this.#seat(detector, to.settings?.[detector.id] ?? {});

    // Who is in which subtree is known whether or not anyone listens.
    this.#listeners = { fork: [], 'process-sample': [] };
    for (const { watch } of this.#seats.values()) {
      for (const [kind, listener] of Object.entries(watch.on ?? {})) {
        const listeners = this.#listeners[kind as EventKind] ?? [];
        this.#listeners[kind as EventKind] = [...listeners, listener as Listener];
      }
    }
  }

  /** After everyone else knows of the event. */
  observe(event: Event): void {
    // Most events are idle samples, which nobody listens for.
    const listeners = this.#listeners[event.kind];
    if (listeners !== undefined) this.#tell(event, listeners);
    if (event.kind === 'tick') this.#assess(event.at, ASSESS_MS_MIN, () => true);
    else if (this.#isUrgent) {
      this.#assess(event.at, URGENT_MS_MIN, ({ isUrgent }) => isUrgent);
      this.#isUrgent = this.#seats.values().some(({ isUrgent }) => isUrgent);
    }
  }

  #tell(event: Event, listeners: readonly Listener[]): void {
    const process = this.#about(event);
    if (process !== undefined && (event.kind === 'fork' || event.kind === 'process-sample'))
      this.#subtrees.join(process);
    for (let index = 0; index < listeners.length; index++) listeners[index]!(event as never, process);
  }

  /** The process left the tree. */
  end(process: Process): void {
    this.#subtrees.leave(process);
  }

  rename(...names: Parameters<OnRename>): void {
    for (const { watch } of this.#seats.values()) watch.rename?.(...names);
  }

  #about(event: Event): Process | undefined {
    switch (event.kind) {
      case 'fork':
      case 'exec':
      case 'exit':
      case 'oom':
      case 'process-sample': {
        const process = this.#sight.tree.latest(event.pid);
        return process?.startedNs === event.startedNs ? process : undefined;
      }
      default:
        return undefined;
    }
  }

  #assess(at: Instant, pauseMsMin: number, isDue: (seat: Seat) => boolean): void {
    const { include = [], exclude = [] } = this.#settings;
    const { accounts } = this.#sight;
    for (const seat of this.#seats.values()) {
      if (!isDue(seat) || at - seat.assessedAt < pauseMsMin) continue;
      seat.assessedAt = at;
      seat.isUrgent = false;
      const findings: Finding[] = [];
      for (const finding of seat.watch.assess(at)) {
        if (isWanted(include, exclude, seat.detector.id, finding, accounts)) findings.push(finding);
      }
      this.#options.report(seat.detector, seat.confirmMs, findings, at);
    }
  }

  #seat(detector: AnyDetector, { isEnabled = true, options = {} }: DetectorSettings): void {
    const before = this.#seats.get(detector.id);
    if (!isEnabled) {
      if (before !== undefined) this.#seats.set(detector.id, emptySeat(before));
      return;
    }
    if (before === undefined || !goesOn(before, options))
      this.#seats.set(detector.id, seatOf(detector, options, this.#desks));
  }

  get #desks(): Desks {
    return {
      sight: this.#sight,
      subtrees: this.#subtrees,
      trades: this.#trades,
      urge: (seat) => {
        seat.isUrgent = true;
        this.#isUrgent = true;
      },
      refuse: () => {
        this.refused++;
      },
    };
  }
}
