import type { Recent } from '../account/recent.ts';
import { RESOURCES, type Resource } from '../model/pressure.ts';
import type { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';
import type { Engine } from './engine.ts';

/** NaN is not known. */
export interface Stalled {
  /** In all, as the kernel counts it. */
  readonly seconds: number;
  /** Of the last ten to twelve seconds. */
  readonly share: number;
}

/** `some`: at least one task waited; `full`: all that there were. */
export type Pressures = Readonly<Record<Resource, { readonly some: Stalled; readonly full: Stalled }>>;

export interface WorkloadPressures {
  readonly name: string;
  readonly kind: string;
  readonly pressures: Pressures;
}

export interface PressureReport {
  readonly host: Pressures;
  /** How many workloads have figures, of those that were asked for. */
  readonly matched: number;
  /** Who has the largest share first. */
  readonly workloads: readonly WorkloadPressures[];
}

export interface PressureQuery {
  readonly workload?: string | undefined;
  readonly limit: number;
}

/** What tasks waited for, on the host and in each workload, by the kernel's pressure stall information. */
export function pressures(
  { accounts, recently }: Engine,
  { workload, limit }: PressureQuery,
  at: Instant,
): PressureReport {
  const { workloads: sheet, host } = accounts;
  const known = Array.from(sheet.live.subarray(0, sheet.size), (slot) => {
    const [name = '', kind = ''] = sheet.labels[slot]!;
    return { name, kind, pressures: pressuresOf(sheet, recently.workloads, slot, at) };
  }).filter(({ name, pressures: of }) => isKnown(of) && (workload === undefined || name === workload));
  known.sort((one, other) => worst(other.pressures) - worst(one.pressures) || (one.name < other.name ? -1 : 1));

  return {
    host: pressuresOf(host, recently.host, 0, at),
    matched: known.length,
    workloads: known.slice(0, limit),
  };
}

function pressuresOf(sheet: Sheet, recent: Recent, slot: number, at: Instant): Pressures {
  const seconds = recent.seconds(slot, at);
  const stalled = (name: string): Stalled => {
    const column = sheet.column(name);
    // The kernel's totals are read some time before they are asked for.
    return { seconds: sheet.get(slot, column), share: Math.min(1, recent.growth(slot, column) / seconds) };
  };
  const both = RESOURCES.map((resource) => {
    const [some, full] = ['some', 'full'].map((stall) => stalled(`pressure_${resource}_${stall}_seconds`));
    return [resource, { some: some!, full: full! }] as const;
  });
  return Object.fromEntries(both) as unknown as Pressures;
}

function worst(of: Pressures): number {
  return Math.max(0, ...RESOURCES.map((resource) => of[resource].some.share || 0));
}

function isKnown(of: Pressures): boolean {
  return RESOURCES.some((resource) => !Number.isNaN(of[resource].some.seconds));
}
