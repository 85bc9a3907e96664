import { styleText } from 'node:util';

import type { Check, Output } from './shell.ts';

/** Colours where a person sees them: on a terminal that has them, unless NO_COLOR is set. */
export function painter(output: Output, env: Readonly<Record<string, string | undefined>>) {
  const isColourful = output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

  return (style: keyof typeof STYLES, text: string): string =>
    isColourful ? styleText(STYLES[style], text, { validateStream: false }) : text;
}

const STYLES = { ok: 'green', warn: 'yellow', fail: 'red', bold: 'bold' } as const satisfies Record<
  Check['status'] | 'bold',
  string
>;

/** Names that came from the host may hold what a terminal obeys. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** Breaks text at spaces to lines of at most `width`, all but the first indented. */
export function wrap(text: string, indent: number, width: number): string {
  const lines: string[] = [];
  let line = '';

  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** The width to write for: a terminal's own, else 100. */
export function widthOf(output: Output): number {
  return Math.max(60, output.columns ?? 100);
}
