import type { Event, EventKind } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { AnyDetector, Sight, Watch } from './contract.ts';
import { isWanted, type Selector } from './selectors.ts';
import { Subtrees } from './subtrees.ts';
import { Trades } from './trades.ts';

export interface DetectorSettings {
  readonly isEnabled?: boolean;
  readonly options?: Readonly<Record<string, number>>;
}

export interface DeskOptions {
  readonly detectors: readonly AnyDetector[];
  /** By id; what is not named has its defaults. */
  readonly settings?: Readonly<Record<string, DetectorSettings>>;
  readonly builders?: readonly string[];
  readonly launchers?: readonly string[];
  /** What an operator wants to hear of; everything, if this is empty. */
  readonly include?: readonly Selector[];
  /** And what not, even so. */
  readonly exclude?: readonly Selector[];
  /** All that a detector holds true now. */
  readonly report: (detector: AnyDetector, confirmMs: number, findings: readonly Finding[], at: Instant) => void;
}

/** What detectors see that is not their desk's own. */
export type Known = Pick<Sight, 'tree' | 'accounts' | 'blame' | 'cpuUse' | 'cpus'>;

/** Rates are told over whole seconds; a tick that comes early or twice tells nothing new. */
const ASSESS_MS_MIN = 500;
/** A storm of offenders that each want to be assessed at once is assessed ten times a second. */
const URGENT_MS_MIN = 100;

type Listener = (event: never, process: Process | undefined) => void;

interface Seat {
  readonly detector: AnyDetector;
  readonly watch: Watch;
  readonly confirmMs: number;
  isUrgent: boolean;
  assessedAt: Instant;
}

/** Tells each detector what it listens for, and asks all of them once a second what is wrong. */
export class Desk {
  /** What detectors had no room to watch. */
  refused = 0;

  readonly #seats: Seat[];
  readonly #listeners: { [Kind in EventKind]?: Listener[] } = {};
  readonly #isWanted: (detector: AnyDetector, finding: Finding) => boolean;
  readonly #report: DeskOptions['report'];
  readonly #subtrees: Subtrees;
  readonly #tree: Known['tree'];
  #isUrgent = false;

  constructor(sight: Known, options: DeskOptions) {
    const { detectors, settings = {}, builders, launchers, include = [], exclude = [], report } = options;
    const trades = new Trades(sight.tree, builders, launchers);
    this.#tree = sight.tree;
    this.#subtrees = new Subtrees(sight.tree);
    this.#isWanted = ({ id }, finding) => isWanted(include, exclude, id, finding, sight.accounts);
    this.#report = report;
    this.#seats = detectors
      .filter(({ id }) => settings[id]?.isEnabled ?? true)
      .map((detector) => this.#seat(detector, settings[detector.id]?.options ?? {}, sight, trades));
    // Who is in which subtree is known whether or not anyone listens.
    this.#listeners.fork = [];
    this.#listeners['process-sample'] = [];
    for (const { watch } of this.#seats) {
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
      this.#isUrgent = this.#seats.some(({ isUrgent }) => isUrgent);
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

  #about(event: Event): Process | undefined {
    switch (event.kind) {
      case 'fork':
      case 'exec':
      case 'exit':
      case 'oom':
      case 'process-sample': {
        const process = this.#tree.latest(event.pid);
        return process?.startedNs === event.startedNs ? process : undefined;
      }
      default:
        return undefined;
    }
  }

  #assess(at: Instant, pauseMsMin: number, isDue: (seat: Seat) => boolean): void {
    for (const seat of this.#seats) {
      if (!isDue(seat) || at - seat.assessedAt < pauseMsMin) continue;
      seat.assessedAt = at;
      seat.isUrgent = false;
      const findings: Finding[] = [];
      for (const finding of seat.watch.assess(at)) {
        if (this.#isWanted(seat.detector, finding)) findings.push(finding);
      }
      this.#report(seat.detector, seat.confirmMs, findings, at);
    }
  }

  #seat(detector: AnyDetector, options: Readonly<Record<string, number>>, sight: Known, trades: Trades): Seat {
    const { confirm } = detector;
    const confirmSeconds = confirm === undefined ? 0 : (options[confirm] ?? detector.options[confirm]!.default);
    const watch = detector.watch(options, {
      ...sight,
      subtrees: this.#subtrees,
      isBuilder: (process) => trades.isBuilder(process),
      isLauncher: (process) => trades.isLauncher(process),
      urge: () => {
        seat.isUrgent = true;
        this.#isUrgent = true;
      },
      refuse: () => {
        this.refused++;
      },
    });
    const seat = { detector, watch, confirmMs: confirmSeconds * 1_000, isUrgent: false, assessedAt: Number.NaN };
    return seat;
  }
}
