/** Parts that several rules have in common. Five minutes hold twenty scrapes of fifteen seconds. */
const WINDOW = '[5m]';

/** The share of time in which tasks of a workload stalled: with `full`, all of them at once. */
export function workloadPressure(resource: string, stall: 'some' | 'full'): string {
  return `rate(culprit_workload_pressure_stall_seconds_total{resource="${resource}",stall="${stall}"}${WINDOW})`;
}

export function hostPressure(resource: string, stall: 'some' | 'full'): string {
  return `rate(culprit_pressure_stall_seconds_total{resource="${resource}",stall="${stall}"}${WINDOW})`;
}

/** Of all that a victim waited for a CPU, the share that these causes had; as a series of the workload. */
export function causeShare(causes: string): string {
  const of = (matchers: string) =>
    `sum by (job, instance, victim) (rate(culprit_blame_stall_seconds_total{${matchers}}${WINDOW}))`;
  const share = `${of(`resource="cpu",cause=~"${causes}"`)} / ${of('resource="cpu"')}`;
  return `label_replace(${share}, "workload", "$1", "victim", "(.*)")`;
}

/** Pressure that is due to these causes: the value is the pressure. */
export function cpuPressureBy(causes: string): string {
  return `${workloadPressure('cpu', 'some')} > 0.25\nand on (job, instance, workload)\n${causeShare(causes)} > 0.5`;
}
