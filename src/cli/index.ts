export { main } from './main.ts';
export { type Check, EXIT, type Output, type Shell } from './shell.ts';
