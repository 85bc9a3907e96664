import { readFileSync } from 'node:fs';

import type { Replayed } from '../../cli/index.ts';
import { type Tuned, tunedDetectors } from '../../config/index.ts';
import type { DetectionOptions } from '../../core/engine/detection.ts';
import { createEngine, type Engine } from '../../core/engine/engine.ts';
import { type Header, openRecording, type Recording } from '../../recording/index.ts';
import { judgement } from '../judgement.ts';
import { engineOptions, groupRules } from '../options.ts';
import { HISTORY_MAX, incidentsIn } from './incidents.ts';
import { longWaits } from './long-waits.ts';
import { blame, groups, workloads } from './sheets.ts';
import type { Summons, Witness } from './witness.ts';

export const SUMMONS: readonly Summons[] = [blame, longWaits, workloads, groups];

/**
 * Drives an engine with what was recorded, as fast as it takes it: the only clock is that of the events.
 *
 * Limits, rules and, unless `tune` makes others of them, settings of detectors are those of the recording, so that the engine
 * concludes what the recorded one did.
 */
export async function replay(path: string, tune: Tune = asRecorded): Promise<Replayed> {
  const recording = await openRecording(path);
  const { header } = recording;
  const tuned = tune(header.detection?.settings ?? {});
  const engine = engineOf(header, tuned.detectors, path);
  const witnesses = SUMMONS.map((summon) => summon(engine));
  const run = await drive(
    engine,
    recording,
    (settings) => judgement(tune(settings).detectors, cpusOf(header)),
    witnesses,
  );

  return {
    recording: {
      ...whereFrom(header, run),
      ...run.counts,
      ...endingOf(recording),
      notes: notesOn(header, tuned, engine.ledger.forgotten),
    },
    incidents: incidentsIn(engine.ledger, header.wallOffsetMs),
    sections: witnesses.map((witness) => witness.tell()),
  };
}

/** One where nobody told. */
function cpusOf({ detection }: Header): number {
  return detection?.cpus ?? 1;
}

type Tune = (recorded: object) => Tuned;

function asRecorded(recorded: object): Tuned {
  return tunedDetectors(recorded, { readFile: readFileSync });
}

/** What the engine must be given to become what the recorded one was. */
function engineOf(header: Header, detectors: Tuned['detectors'], path: string): Engine {
  const { limits, rules, senses } = header;
  try {
    return createEngine({
      ...engineOptions({ limits, groups: rules }, senses),
      detection: { ...judgement(detectors, cpusOf(header)), historyMax: HISTORY_MAX },
    });
  } catch (error) {
    throw new Error(`${path} has rules that can't be used: ${error instanceof Error ? error.message : error}`);
  }
}

interface Run {
  readonly beganAt: number;
  readonly endedAt: number;
  readonly counts: { readonly seconds: number; readonly events: number; readonly lost: number };
}

async function drive(
  engine: Engine,
  recording: Recording,
  judge: (settings: object) => DetectionOptions,
  witnesses: readonly Witness[],
): Promise<Run> {
  const observers = witnesses.filter(({ observe }) => observe !== undefined);
  let beganAt = Number.NaN;
  let endedAt = Number.NaN;
  let events = 0;
  let lost = 0;

  for await (const entries of recording.entries()) {
    for (const entry of entries) {
      if (entry.entry === 'rules') engine.accounts.setRules(groupRules(entry.rules));
      if (entry.entry === 'detectors') engine.changeDetection(judge(entry.settings));
      if (entry.entry === 'lost') lost += entry.events;
      if (entry.entry !== 'event') continue;
      const { event } = entry;
      engine.observe(event);
      for (const observer of observers) observer.observe?.(event);
      events++;
      // Two CPUs may find room in the ring in another order than that in which they looked at the clock.
      beganAt = event.at > beganAt ? beganAt : event.at;
      endedAt = event.at < endedAt ? endedAt : event.at;
    }
  }
  return { beganAt, endedAt, counts: { seconds: events === 0 ? 0 : (endedAt - beganAt) / 1000, events, lost } };
}

function whereFrom({ host, kernelRelease, culprit, mode, wallOffsetMs }: Header, { beganAt, endedAt, counts }: Run) {
  const time = (at: number) => (counts.events === 0 ? '' : new Date(wallOffsetMs + at).toISOString());
  return { host, kernelRelease, culprit, mode, began: time(beganAt), ended: time(endedAt) };
}

function notesOn({ detection }: Header, { faults }: Tuned, forgotten: number): string[] {
  const old =
    'It does not tell the settings of its detectors, for it is older than that: defaults, and one CPU, it is.';
  return [
    ...(detection === undefined ? [old] : []),
    ...faults.map(({ key, problem }) => `Its settings are of another version: ${key}: ${problem}`),
    ...(forgotten > 0 ? [`${forgotten} incidents more than are shown were resolved.`] : []),
  ];
}

function endingOf({ ending }: Recording) {
  return { ending: ending.how, endingReason: ending.what };
}
