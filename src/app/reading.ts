import type { Engine } from '../core/engine/engine.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readSelf } from '../kernel/self.ts';
import type { SelfReading, SelfSample } from '../telemetry/self.ts';

export interface Reloads {
  readonly lastSucceeded: boolean;
  /** Unix time. */
  readonly lastSuccessAtSeconds: number;
}

export interface ReadingSources {
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly build: Readonly<Record<string, string>>;
  reloads(): Reloads;
}

const MODES = ['bpf', 'procfs'] as const;

/** What Culprit tells of itself, gathered from those who know. */
export function selfReading({ kernel, engine, build, reloads }: ReadingSources): SelfReading {
  return () => [
    one('culprit.build_info', 1, build),
    ...MODES.map((mode) => one('culprit.mode', Number(kernel.mode === mode), { mode })),
    ...events(kernel),
    ...probeReadings(kernel),
    ...governor(kernel),
    ...collectors(kernel),
    ...limits(engine),
    one('culprit.incidents.resumed', engine.ledger.resumed),
    one('culprit.incidents.lost', engine.ledger.lost),
    one('culprit.blame.coverage', coverage(engine)),
    ...[...kernel.missedWaits()].map(([resource, missed]) => one('culprit.blame.missed', missed, { resource })),
    one('culprit.config.last_reload_successful', Number(reloads().lastSucceeded)),
    one('culprit.config.last_reload_success_timestamp', reloads().lastSuccessAtSeconds),
    one('culprit.event_loop.lag', kernel.lagSeconds()),
    ...ownProcess(),
  ];
}

function* events(kernel: Kernel): Iterable<SelfSample> {
  for (const { kind, lost, delivered } of kernel.eventCounts()) {
    yield one('culprit.events', delivered, { kind });
    yield one('culprit.events.lost', lost, { stage: 'ring', kind });
  }
  if (kernel.mode === 'bpf')
    yield one('culprit.events.lost', kernel.unreadable(), { stage: 'decode', kind: 'unknown' });
}

/** A probe that nobody asked for is no blind one; both are told always, for a push repeats a series that ends. */
export function* probeReadings(kernel: Pick<Kernel, 'probes' | 'maps'>): Iterable<SelfSample> {
  for (const { name: probe, attached, reason, runs, runSeconds } of kernel.probes()) {
    yield one('culprit.probe.attached', Number(attached), { probe });
    yield one('culprit.probe.wanted', Number(attached || reason !== undefined), { probe });
    yield one('culprit.probe.runs', runs, { probe });
    yield one('culprit.probe.run', runSeconds, { probe });
  }
  for (const { map, entries, capacity, memoryBytes } of kernel.maps()) {
    yield one('culprit.map.entries', entries, { map });
    yield one('culprit.map.capacity', capacity, { map });
    yield one('culprit.map.memory', memoryBytes, { map });
  }
}

/** From /proc nothing is optional, so there are no levels. */
function* governor(kernel: Kernel): Iterable<SelfSample> {
  const { level, ownCostRatio, stepsDown, stepsUp } = kernel.governor();

  yield one('culprit.own_cost', ownCostRatio);
  if (kernel.mode !== 'bpf') return;
  yield one('culprit.governor.level', level);
  yield one('culprit.governor.steps', stepsDown, { direction: 'down' });
  yield one('culprit.governor.steps', stepsUp, { direction: 'up' });
}

function* collectors(kernel: Kernel): Iterable<SelfSample> {
  for (const [collector, { success, durationSeconds }] of kernel.collectors()) {
    yield one('culprit.collector.success', Number(success), { collector });
    yield one('culprit.collector.duration', durationSeconds, { collector });
  }
}

function* limits(engine: Engine): Iterable<SelfSample> {
  const { overflow, processesRefused } = engine.stats();

  for (const [limit, count] of Object.entries({ ...overflow, processes: processesRefused })) {
    yield one('culprit.series.overflow', count, { limit });
  }
}

/** NaN until something was seen, and where nothing can be. */
function coverage({ blame: { switches } }: Engine): number {
  return switches.seen / (switches.seen + switches.missed);
}

function* ownProcess(): Iterable<SelfSample> {
  const own = readSelf();

  yield one('process.cpu', own.cpuSeconds);
  yield one('process.resident_memory', own.residentBytes);
  yield one('process.virtual_memory', own.virtualBytes);
  yield one('process.open_fds', own.openFds);
  yield one('process.max_fds', own.maxFds);
  yield one('process.start_time', own.startedAtSeconds);
}

function one(family: SelfSample['family'], value: number, labels: Readonly<Record<string, string>> = {}): SelfSample {
  return { family, labels, value };
}
