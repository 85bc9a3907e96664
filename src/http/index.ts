export type { BlameQuery } from './blame.ts';
export type { BlameAnswer } from './blame-schema.ts';
export type { IncidentQuery } from './incidents.ts';
export { LIMITS, type Limits } from './limits.ts';
export { type Address, ListenError } from './listen.ts';
export type { Exposition, Incidents, Page, Readiness, ReloadOutcome, Sources } from './ports.ts';
export { createHttpServer, type HttpServer } from './server.ts';
