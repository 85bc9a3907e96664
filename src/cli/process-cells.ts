import { duration } from './blame-words.ts';
import { type painter, printable } from './paint.ts';
import type { ProcessTold } from './process-answer.ts';

const UNKNOWN = '?';

/** Of one CPU: two busy threads make 200 %. */
export function cpu(ratio: number | null): string {
  if (ratio === null) return UNKNOWN;
  return ratio > 0 && ratio < 0.005 ? '<1 %' : `${Math.round(ratio * 100)} %`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(amount: number | null): string {
  if (amount === null) return UNKNOWN;
  let value = Math.abs(amount);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return `${amount < 0 ? '-' : ''}${digits} ${UNITS[unit]}`;
}

/** Below this it is noise, not growth. */
const GROWTH_MIN = 1024;

export function growth({ growthBytesPerSecond: growing }: ProcessTold): string {
  if (growing === null) return UNKNOWN;
  if (Math.abs(growing) < GROWTH_MIN) return '';
  return `${growing > 0 ? '+' : ''}${bytes(growing)}/s`;
}

/** Nothing where there is nothing, so that what there is stands out. */
export function forks({ forksPerSecond: rate }: ProcessTold): string {
  if (rate === null) return UNKNOWN;
  if (rate === 0) return '';
  return rate < 0.95 ? rate.toFixed(1) : String(Math.round(rate));
}

export function stalls({ stallRatio: ratio }: ProcessTold): string {
  if (ratio === null) return UNKNOWN;
  return ratio === 0 ? '' : `${duration(ratio)}/s`;
}

export function age({ ageSeconds }: ProcessTold): string {
  return span(ageSeconds);
}

/** How long, in the largest unit of which it is not few. */
export function span(seconds: number): string {
  if (seconds < 100) return `${Math.floor(seconds)} s`;
  if (seconds < 6_000) return `${Math.floor(seconds / 60)} min`;
  return seconds < 360_000 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export function userOf({ user, uid }: ProcessTold): string {
  return user === null ? String(uid) : printable(user);
}

export function workloadOf({ workload }: ProcessTold): string {
  return workload === null ? UNKNOWN : printable(workload.name);
}

export function nameOf({ comm, exe, isKernelThread }: ProcessTold): string {
  const name = printable(exe || comm);
  return isKernelThread ? `[${name}]` : name;
}

/** As far as it may be told; of one that ran before the exporter did, its name. */
export function commandOf(process: ProcessTold): string {
  return process.argv.length === 0 ? nameOf(process) : printable(process.argv.join(' '));
}

/** Who makes others wait this long is worth a look. */
const STALL_MUCH = 0.05;

/** What a person can act upon stands out. */
export function emphasize(text: string, process: ProcessTold, paint: ReturnType<typeof painter>): string {
  if (process.stallRatio !== null && process.stallRatio >= STALL_MUCH) return paint('fail', text);
  return process.state === 'uninterruptible' || process.state === 'zombie' ? paint('warn', text) : text;
}
