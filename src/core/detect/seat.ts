import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { type AnyDetector, defaultsOf, type Sight, type Watch } from './contract.ts';
import type { Subtrees } from './subtrees.ts';
import type { Trades } from './trades.ts';

/** What detectors see that is not their desk's own. */
export type Known = Pick<Sight, 'tree' | 'accounts' | 'blame' | 'cpuUse' | 'cpus'>;

/** A detector at work, with the options that it was given. */
export interface Seat {
  readonly detector: AnyDetector;
  readonly options: Readonly<Record<string, number>>;
  readonly watch: Watch;
  readonly confirmMs: number;
  readonly isEnabled: boolean;
  isUrgent: boolean;
  assessedAt: Instant;
}

export interface Desks {
  readonly sight: Known;
  readonly subtrees: Subtrees;
  readonly trades: Trades;
  urge(seat: Seat): void;
  refuse(): void;
}

export function seatOf(detector: AnyDetector, given: Readonly<Record<string, number>>, desk: Desks): Seat {
  const { confirm } = detector;
  const options = { ...defaultsOf(detector), ...given };
  const watch = detector.watch(options, {
    ...desk.sight,
    subtrees: desk.subtrees,
    isBuilder: (process: Process) => desk.trades.isBuilder(process),
    isLauncher: (process: Process) => desk.trades.isLauncher(process),
    urge: () => desk.urge(seat),
    refuse: () => desk.refuse(),
  });
  const confirmMs = confirm === undefined ? 0 : options[confirm]! * 1_000;
  const seat: Seat = { detector, options, watch, confirmMs, isEnabled: true, isUrgent: false, assessedAt: Number.NaN };
  return seat;
}

/** Nobody looks any more; so what was wrong is told as over, when its time has come. */
export function emptySeat({ detector, options }: Seat): Seat {
  const watch: Watch = { assess: () => [] };
  return { detector, options, watch, confirmMs: 0, isEnabled: false, isUrgent: false, assessedAt: Number.NaN };
}

/** Whether it may go on, with what it has watched. */
export function goesOn({ detector, options, isEnabled }: Seat, given: Readonly<Record<string, number>>): boolean {
  return (
    isEnabled && Object.entries({ ...defaultsOf(detector), ...given }).every(([name, value]) => options[name] === value)
  );
}
