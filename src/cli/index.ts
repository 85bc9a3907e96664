export { main } from './main.ts';
export type { Replayed, Row, Section } from './replayed.ts';
export { type Check, EXIT, type Output, type Shell } from './shell.ts';
