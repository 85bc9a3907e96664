import type { SelfFamily } from './family.ts';

type Row = readonly [name: string, unit: string, kind: SelfFamily['kind'], attributes: readonly string[], help: string];

const ROWS = [
  [
    'culprit.build_info',
    '',
    'gauge',
    ['version', 'node_version', 'kernel_release'],
    'Always 1; the labels tell which build runs where.',
  ],
  ['culprit.mode', '', 'gauge', ['mode'], '1 for the source that events come from, 0 for the other: bpf or procfs.'],
  ['culprit.events', '{event}', 'counter', ['kind'], 'Events received, by kind.'],
  [
    'culprit.events.lost',
    '{event}',
    'counter',
    ['stage', 'kind'],
    'Events that happened and were not received, by the stage that lost them.',
  ],
  ['culprit.probe.attached', '', 'gauge', ['probe'], '1 while the probe is attached to its hook.'],
  [
    'culprit.probe.runs',
    '{run}',
    'counter',
    ['probe'],
    'Times that the kernel ran the probe, exactly. Iterators, which run when Culprit reads them, have none.',
  ],
  [
    'culprit.probe.run',
    's',
    'counter',
    ['probe'],
    'CPU time that the kernel spent in the probe, estimated from one run in 64. That of iterators is in process_cpu_seconds_total.',
  ],
  [
    'culprit.own_cost',
    '1',
    'gauge',
    [],
    'What Culprit took of one CPU in the last 10 s: its own CPU time, and that of its probes in other processes.',
  ],
  [
    'culprit.governor.level',
    '',
    'gauge',
    [],
    'Which optional senses Culprit allows itself at its cost: 0 for none, 1 for all but those that an operator asks for.',
  ],
  [
    'culprit.governor.steps',
    '{step}',
    'counter',
    ['direction'],
    'Levels that were given up because Culprit cost too much (down), and taken up again (up).',
  ],
  [
    'culprit.blame.coverage',
    '1',
    'gauge',
    [],
    'Context switches that the probe saw, of those that the kernel made: what blame could not see is the rest.',
  ],
  [
    'culprit.blame.missed',
    '{wait}',
    'counter',
    ['resource'],
    'Waits whose end was not seen: nobody is charged with them. Those for a CPU are in culprit_blame_coverage_ratio.',
  ],
  ['culprit.map.entries', '{entry}', 'updowncounter', ['map'], 'Entries in use of a kernel map.'],
  ['culprit.map.capacity', '{entry}', 'updowncounter', ['map'], 'Entries that a kernel map has room for.'],
  ['culprit.map.memory', 'By', 'updowncounter', ['map'], 'Memory that the kernel charges for a map.'],
  ['culprit.collector.success', '', 'gauge', ['collector'], '1 when the last reading of this source succeeded.'],
  ['culprit.collector.duration', 's', 'gauge', ['collector'], 'How long the last reading of this source took.'],
  ['culprit.series', '{series}', 'updowncounter', ['family'], 'Samples that a scrape shows now, by family.'],
  ['culprit.series.overflow', '{series}', 'counter', ['limit'], 'Rows folded into ~other because a limit was reached.'],
  ['culprit.config.last_reload_successful', '', 'gauge', [], '1 when the configuration in use is the one in the file.'],
  [
    'culprit.config.last_reload_success_timestamp',
    's',
    'gauge',
    [],
    'When a configuration was last taken over, in Unix time.',
  ],
  ['culprit.event_loop.lag', 's', 'gauge', [], 'The longest that the event loop was held up since the last reading.'],
  ['culprit.otlp.exports', '{export}', 'counter', ['signal', 'outcome'], 'Pushes to the OTLP endpoint: ok, or error.'],
  ['process.cpu', 's', 'counter', [], 'CPU time that Culprit itself used.'],
  ['process.resident_memory', 'By', 'gauge', [], 'Resident memory of Culprit itself.'],
  ['process.virtual_memory', 'By', 'gauge', [], 'Address space of Culprit itself.'],
  ['process.open_fds', '{fd}', 'gauge', [], 'File descriptors that Culprit itself holds open.'],
  ['process.max_fds', '{fd}', 'gauge', [], 'How many file descriptors Culprit itself may open.'],
  ['process.start_time', 's', 'gauge', [], 'When Culprit itself started, in Unix time.'],
] as const satisfies readonly Row[];

export type SelfName = (typeof ROWS)[number][0];

/** What Culprit tells of itself. Every label set is known beforehand and few. */
export const SELF_FAMILIES: readonly SelfFamily[] = ROWS.map(([name, unit, kind, attributes, help]) => ({
  name,
  unit,
  kind,
  attributes,
  help,
  sheet: 'self',
}));
