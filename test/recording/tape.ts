import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import type { Event } from '../../src/core/model/event.ts';
import { type Ending, type Entry, type Header, openRecording, Recorder } from '../../src/recording/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'culprit-recording-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A path where nothing is yet; gone after the tests. */
export function freshPath(): string {
  return join(folder, `${files++}.culprit`);
}

export const HEADER: Omit<Header, 'version'> = {
  culprit: '1.2.3',
  host: 'alpha',
  kernelRelease: '6.18.0',
  wallOffsetMs: 1_790_000_000_000,
  mode: 'bpf',
  senses: { lifecycle: true, counts: true, fds: true },
  limits: { groups: 500, workloads: 1_000, series: 20_000, processes: 65_536, retentionMinutes: 10 },
  rules: [{ name: 'worker', argv: 'celery worker' }],
  detection: { cpus: 2, settings: { clearSeconds: 60 } },
};

export interface Tape {
  readonly path: string;
  readonly recorder: Recorder;
  readonly warnings: string[];
}

export async function startTape(
  options: { path?: string; bytesMax?: number; header?: typeof HEADER } = {},
): Promise<Tape> {
  const warnings: string[] = [];
  const { path = freshPath(), bytesMax = 1 << 24, header = HEADER } = options;
  const recorder = await Recorder.open({ path, header, bytesMax, warn: (message) => warnings.push(message) });
  return { path, recorder, warnings };
}

/** A whole recording of these; its path. */
export async function record(events: Iterable<Event>): Promise<string> {
  const { path, recorder } = await startTape();
  for (const event of events) recorder.observe(event);
  await recorder.close();
  return path;
}

export interface Played {
  readonly header: Header;
  readonly entries: Entry[];
  readonly events: Event[];
  readonly ending: Ending;
}

export async function play(path: string): Promise<Played> {
  const recording = await openRecording(path);
  const entries: Entry[] = [];
  for await (const some of recording.entries()) entries.push(...some);
  const events = entries.flatMap((entry) => (entry.entry === 'event' ? [entry.event] : []));
  return { header: recording.header, entries, events, ending: recording.ending };
}
