import { RESOURCES } from '../../core/model/pressure.ts';
import type { SheetName } from '../rows.ts';
import type { NumberFamily } from './family.ts';

/** Stall totals of the kernel's pressure files, which the host and each workload have alike. */
export function pressureFamily(name: string, sheet: SheetName, of: string): NumberFamily {
  return {
    name,
    unit: 's',
    kind: 'counter',
    help: `Time in which some task of ${of} waited for the resource (some), or all of them at once (full).`,
    sheet,
    attributes: ['resource', 'stall'],
    cells: RESOURCES.flatMap((resource) =>
      ['some', 'full'].map((stall) => ({
        column: `pressure_${resource}_${stall}_seconds`,
        labels: { resource, stall },
      })),
    ),
  };
}
