import { cleanLabel, quoteLabel } from '../label.ts';

/** One thing that was counted, named: here a process that ended. */
export interface Exemplar {
  /** `process_pid`, `process_executable_name`; the most telling first. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the histogram's unit, within its bucket. */
  readonly value: number;
  /** Unix time. */
  readonly atSeconds: number;
}

/** The last process counted in a bucket of a row of the workloads, if one is remembered. */
export type ExemplarOf = (slot: number, bucket: number) => Exemplar | undefined;

/** OpenMetrics allows so many characters in the names and values of an exemplar's labels together. */
const LABELS_LENGTH_MAX = 128;

/** ` # {process_pid="8121"} 0.312 1700000000.5`. Labels that would be too long are left out, the last first. */
export function exemplarText({ labels, value, atSeconds }: Exemplar): string {
  const pairs: string[] = [];
  let length = 0;
  for (const [name, raw] of Object.entries(labels)) {
    const clean = cleanLabel(raw);
    length += name.length + clean.length;
    if (length > LABELS_LENGTH_MAX) break;
    pairs.push(`${name}="${quoteLabel(clean)}"`);
  }
  return ` # {${pairs.join(',')}} ${value} ${atSeconds.toFixed(3)}`;
}
