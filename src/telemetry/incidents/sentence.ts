import type { Incident } from '../../core/model/incident.ts';
import type { Instant } from '../../core/model/units.ts';
import { readable } from '../label.ts';

/**
 * For people: `Fork storm: bash (pid 8121) of cron.service, 212 fork/s against 50`, and when it is over
 * `Fork storm resolved after 65 s: bash (pid 8121) of cron.service, at worst 312 fork/s against 50`.
 */
export function sentenceOf(incident: Incident): string {
  const { state, title, entity, culprit, ...numbers } = incident;
  const { value, peakValue, threshold, unit, onsetAt } = numbers;
  const where = culprit.workload === undefined ? '' : ` of ${culprit.workload.name}`;
  const worth = (number: number) => `${Number(number.toPrecision(3))} ${unit.replace(/[{}]/g, '')}`.trim();
  const against = `against ${threshold}`;
  if (state === 'open') return readable(`${title}: ${entity.name}${where}, ${worth(value)} ${against}`);
  const after = `after ${Math.round((endOf(incident) - onsetAt) / 1_000)} s`;
  const over = state === 'lost' ? `lost, last seen ${after}` : `resolved ${after}`;
  return readable(`${title} ${over}: ${entity.name}${where}, at worst ${worth(peakValue)} ${against}`);
}

/** When it was over. Of one that is lost nobody knows: when it was last seen to be so. */
export function endOf({ state, onsetAt, heldAt, resolvedAt }: Incident): Instant {
  return Math.max(onsetAt, state === 'resolved' ? resolvedAt : heldAt);
}
