import { styleText } from 'node:util';
import { benchArguments } from './arguments.ts';

/** What a figure must hold to. `smoke` is the loose bar of a run on a noisy machine; without it the bar is kept there too. */
export interface Bar {
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly exactly?: number;
  readonly smoke?: number;
}

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: string;
  readonly holds: boolean;
}

const flags = benchArguments();

/** Loose bars and smaller loads: shows that the bench runs, not that the machine is quiet. */
export const isSmoke: boolean = flags.smoke;

/** The one part that shall run, of a bench that has parts with names. */
export const onlyPart: string | undefined = flags.only;

/** A bench's result: figures against their bars, a table or JSON, and an exit code of 1 when one is short. */
export class Figures {
  readonly #title: string;
  readonly #figures: Figure[] = [];
  readonly #notes: string[] = [];

  constructor(title: string) {
    this.#title = title;
    progress(title);
  }

  /** Without a bar, a figure stands beside the others for comparison. */
  add(name: string, value: number, unit: string, bar: Bar = {}): void {
    this.#figures.push({ name, value, unit, bar: describe(bar), holds: holds(value, bar) });
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  finish(): void {
    const short = this.#figures.filter((figure) => !figure.holds);
    if (flags.json) {
      console.log(JSON.stringify({ bench: this.#title, smoke: isSmoke, figures: this.#figures, notes: this.#notes }));
    } else {
      console.log(`\n${styleText('bold', this.#title)}${isSmoke ? ' (smoke: loose bars)' : ''}`);
      for (const line of table(this.#figures)) console.log(line);
      for (const note of this.#notes) console.log(`  ${note}`);
    }
    console.error(short.length === 0 ? 'every bar holds' : `${short.length} short of the bar`);
    if (short.length > 0) process.exitCode = 1;
  }
}

/** One line of progress, to standard error, so that the figures can be piped. */
export function progress(text: string): void {
  console.error(styleText('dim', `… ${text}`, { stream: process.stderr }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function holds(value: number, { exactly, atMost, atLeast, smoke }: Bar): boolean {
  if (exactly !== undefined) return value === exactly;
  if (atMost !== undefined) return value <= (isSmoke ? (smoke ?? atMost) : atMost);
  if (atLeast !== undefined) return value >= (isSmoke ? (smoke ?? atLeast) : atLeast);
  return true;
}

function describe({ exactly, atMost, atLeast, smoke }: Bar): string {
  if (exactly !== undefined) return `= ${exactly}`;
  if (atMost !== undefined) return `≤ ${isSmoke ? (smoke ?? atMost) : atMost}`;
  if (atLeast !== undefined) return `≥ ${isSmoke ? (smoke ?? atLeast) : atLeast}`;
  return '';
}

function table(figures: readonly Figure[]): string[] {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures.map(({ name, value, unit, bar, holds }) => {
    const mark = bar === '' ? ' ' : holds ? styleText('green', '✓') : styleText('red', '✗');
    return `  ${mark} ${name.padEnd(width)} ${round(value).padStart(12)} ${unit.padEnd(10)} ${bar}`;
  });
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4).replace(/e\+?.*/, (exponent) => exponent);
}
