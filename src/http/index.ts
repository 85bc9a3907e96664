export type { BlameQuery } from './blame.ts';
export type { BlameAnswer } from './blame-schema.ts';
export { LIMITS, type Limits } from './limits.ts';
export { type Address, ListenError } from './listen.ts';
export type { Exposition, Page, Readiness, ReloadOutcome, Sources } from './ports.ts';
export { createHttpServer, type HttpServer } from './server.ts';
export { EventStream, type EventStreamReading } from './stream/event-stream.ts';
