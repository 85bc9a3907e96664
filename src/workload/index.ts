export { Namer, type NamerReading } from './namer.ts';
export { openSources, type SourcesOptions } from './sources.ts';
