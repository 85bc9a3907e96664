import type { Drawn, Panel } from './files.ts';

interface Table {
  readonly header: readonly string[];
  readonly cells: readonly (readonly (string | number | null)[])[];
}

/** As Grafana's `filterFieldsByName` and `organize` make it. */
export function cellsOf({ transformations = [] }: Panel, series: readonly Drawn[]): Table {
  const renamed = transformations.find(({ id }) => id === 'organize')?.options.renameByName ?? {};
  const names = Object.keys(renamed);
  return {
    header: Object.values(renamed),
    cells: series.map(({ metric, values }) =>
      names.map((name) => (name === 'Value' ? Number(values.at(-1)![1]) : (metric[name] ?? ''))),
    ),
  };
}

/** As `groupingToMatrix` makes it: victims by offenders. */
export function matrixOf(series: readonly Drawn[]): Table {
  const offenders = [...new Set(series.map(({ metric }) => metric.offender ?? ''))];
  const victims = [...new Set(series.map(({ metric }) => metric.victim ?? ''))];
  const stallOf = (victim: string, offender: string) => {
    const cell = series.find(({ metric }) => metric.victim === victim && metric.offender === offender);
    return cell === undefined ? null : Number(cell.values.at(-1)![1]);
  };
  return {
    header: ['victim \\ offender', ...offenders],
    cells: victims.map((victim) => [victim, ...offenders.map((offender) => stallOf(victim, offender))]),
  };
}
