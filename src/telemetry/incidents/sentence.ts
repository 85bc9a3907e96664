import type { Incident } from '../../core/model/incident.ts';
import { readable } from '../label.ts';

/**
 * For people: `Fork storm: bash (pid 8121) of cron.service, 212 fork/s against 50`, and when it is over
 * `Fork storm resolved after 65 s: bash (pid 8121) of cron.service, at worst 312 fork/s against 50`.
 */
export function sentenceOf({ state, title, entity, culprit, ...numbers }: Incident): string {
  const { value, peakValue, threshold, unit, onsetAt, resolvedAt } = numbers;
  const where = culprit.workload === undefined ? '' : ` of ${culprit.workload.name}`;
  const worth = (number: number) => `${Number(number.toPrecision(3))} ${unit.replace(/[{}]/g, '')}`.trim();
  const against = `against ${threshold}`;
  if (state === 'open') return readable(`${title}: ${entity.name}${where}, ${worth(value)} ${against}`);
  const lasted = Number.isNaN(resolvedAt) ? '' : ` after ${Math.round((resolvedAt - onsetAt) / 1_000)} s`;
  return readable(`${title} ${state}${lasted}: ${entity.name}${where}, at worst ${worth(peakValue)} ${against}`);
}
