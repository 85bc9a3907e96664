import { styleText } from 'node:util';
import type { Row, Verdict } from './judge.ts';

export interface Outcome {
  readonly verdicts: readonly Verdict[];
  /** With the reasons. */
  readonly skipped: readonly string[];
  /** Incidents that had nothing to do with any of them. */
  readonly others: readonly string[];
}

/** A table for people: a line for each incident that was expected, or for a look-alike, and what is wrong below it. */
export function report({ verdicts, skipped, others }: Outcome): string {
  const lines = verdicts.flatMap(linesOf);
  const widths = HEADINGS.map((heading, column) => {
    return Math.max(heading.length, ...lines.map((cells) => (typeof cells === 'string' ? 0 : cells[column]!.length)));
  });
  const shown = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  return [
    styleText('bold', `   ${shown(HEADINGS)}`),
    ...lines.map((line) => (typeof line === 'string' ? line : `${line.at(-1)} ${shown(line.slice(0, -1))}`)),
    ...skipped.map((line) => `   skipped: ${line}`),
    ...others.map((line) => `   beside them: ${line.replaceAll('\n', ' ')}`),
    `${verdicts.filter(({ holds }) => holds).length} of ${verdicts.length} as they must be, ${skipped.length} skipped`,
  ].join('\n');
}

/** One line, while others are still being played. */
export function briefly({ rows, unordered, failure }: Verdict): string {
  const told = rows.map(
    ({ detector, culprit, delaySeconds }) => `${detector} after ${seconds(delaySeconds)} (${culprit})`,
  );
  const all = [...told, ...unordered, ...(failure === undefined ? [] : [failure])];
  return all.join('; ') || 'silence';
}

const HEADINGS = ['SCENARIO', 'DETECTOR', 'CULPRIT', 'TOLD AFTER', 'RESOLVED AFTER'];

type Line = string | readonly string[];

function linesOf({ name, isTrigger, rows, unordered, claims, failure, holds }: Verdict): Line[] {
  const silent = [name, unordered.length === 0 ? 'silent, as it must be' : 'not silent', '', '', '', markOf(holds)];
  return [
    ...(isTrigger ? rows.map((row) => cellsOf(name, row)) : [silent]),
    ...claims.map(({ what, value, unit, holds }) => `${markOf(holds)}   ${what}: ${value.toPrecision(3)} ${unit}`),
    ...unordered.map((incident) => `${markOf(false)}   nobody ordered ${incident}`),
    ...(failure === undefined ? [] : [`${markOf(false)}   ${failure}`]),
  ];
}

function cellsOf(name: string, { detector, culprit, delaySeconds, resolvedSeconds, holds }: Row): string[] {
  return [name, detector, culprit, seconds(delaySeconds), seconds(resolvedSeconds), markOf(holds)];
}

function markOf(holds: boolean): string {
  return holds ? styleText('green', '✓ ') : styleText('red', '✗ ');
}

function seconds(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(value < 10 ? 2 : 0)} s` : 'never';
}
