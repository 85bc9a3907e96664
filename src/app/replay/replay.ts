import type { Replayed } from '../../cli/index.ts';
import { createEngine, type Engine } from '../../core/engine/engine.ts';
import { type Header, openRecording, type Recording } from '../../recording/index.ts';
import { engineOptions, groupRules } from '../options.ts';
import { longWaits } from './long-waits.ts';
import { blame, groups, workloads } from './sheets.ts';
import type { Summons, Witness } from './witness.ts';

export const SUMMONS: readonly Summons[] = [blame, longWaits, workloads, groups];

/**
 * Drives an engine with what was recorded, as fast as it takes it: the only clock is that of the events.
 *
 * Limits and rules are those of the recording, so that the engine concludes what the recorded one did.
 */
export async function replay(path: string): Promise<Replayed> {
  const recording = await openRecording(path);
  const engine = engineOf(recording.header, path);
  const witnesses = SUMMONS.map((summon) => summon(engine));
  const run = await drive(engine, recording, witnesses);

  return {
    recording: { ...whereFrom(recording.header, run), ...run.counts, ...endingOf(recording) },
    sections: witnesses.map((witness) => witness.tell()),
  };
}

/** What the engine must be given to become what the recorded one was. */
function engineOf({ limits, rules, senses }: Header, path: string): Engine {
  try {
    return createEngine(engineOptions({ limits, groups: rules }, senses));
  } catch (error) {
    throw new Error(`${path} has rules that can't be used: ${error instanceof Error ? error.message : error}`);
  }
}

interface Run {
  readonly beganAt: number;
  readonly counts: { readonly seconds: number; readonly events: number; readonly lost: number };
}

async function drive(engine: Engine, recording: Recording, witnesses: readonly Witness[]): Promise<Run> {
  const observers = witnesses.filter(({ observe }) => observe !== undefined);
  let beganAt = Number.NaN;
  let endedAt = Number.NaN;
  let events = 0;
  let lost = 0;

  for await (const entries of recording.entries()) {
    for (const entry of entries) {
      if (entry.entry === 'rules') engine.accounts.setRules(groupRules(entry.rules));
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
  return { beganAt, counts: { seconds: events === 0 ? 0 : (endedAt - beganAt) / 1000, events, lost } };
}

function whereFrom({ host, kernelRelease, culprit, mode, wallOffsetMs }: Header, { beganAt, counts }: Run) {
  const began = counts.events === 0 ? '' : new Date(wallOffsetMs + beganAt).toISOString();
  return { host, kernelRelease, culprit, mode, began };
}

function endingOf({ ending }: Recording) {
  return { ending: ending.how, endingReason: ending.what };
}
