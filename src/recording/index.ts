export type { Entry } from './entry.ts';
export type { Header, RecordedDetection, RecordedRule } from './header.ts';
export { Recorder, type RecorderReading } from './recorder.ts';
export { type Ending, openRecording, type Recording } from './recording.ts';
