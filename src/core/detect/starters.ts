import type { Process } from '../model/process.ts';

/** What tools that build are told where they only start what is built, and wait for it. */
const VERBS: ReadonlySet<string> = new Set(['run', 'run-script', 'start', 'restart', 'exec', 'x', 'dlx', 'serve']);
/** An interpreter and its options may come before the tool. */
const BEFORE_TOOL_MAX = 4;

const decoder = new TextDecoder();

/**
 * Whether a build tool is here to start a program that is not its own: `npm start`, `uv run app`, `go run .`. Whoever serves
 * below one of these is no build.
 *
 * `argv` has NUL between arguments; some tools overwrite it by a title, which `comm` has too.
 */
export function startsAnother({ comm }: Process, argv: Uint8Array, tools: ReadonlySet<string>): boolean {
  const [tool = '', verb = ''] = comm.split(' ');
  if (verb !== '' && tools.has(tool)) return VERBS.has(verb);

  const words = decoder.decode(argv).split(/[\0 ]/);
  const at = words.slice(0, BEFORE_TOOL_MAX).findIndex((word) => tools.has(word.slice(word.lastIndexOf('/') + 1)));
  const first = at < 0 ? undefined : words.slice(at + 1).find((word) => word !== '' && !word.startsWith('-'));
  return first !== undefined && VERBS.has(first);
}

export function firstWord(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}
