import { type Config, detectorSettings } from '../config/index.ts';
import type { DetectionOptions } from '../core/engine/detection.ts';

/** By what findings are judged, be it now or of a recording. */
export function judgement(detectors: Config['detectors'], cpus: number): DetectionOptions {
  return {
    settings: detectorSettings(detectors),
    builders: detectors.builders,
    launchers: detectors.launchers,
    include: detectors.include.map(selectorOf),
    exclude: detectors.exclude.map(selectorOf),
    clearMs: detectors.clearSeconds * 1_000,
    cpus,
  };
}

/** The configuration has checked that each pattern compiles. */
function selectorOf({ namespace, workload, group, ...rest }: Config['detectors']['include'][number]) {
  const pattern = (text: string | undefined) => (text === undefined ? undefined : new RegExp(text, 'u'));
  return { ...rest, namespace: pattern(namespace), workload: pattern(workload), group: pattern(group) };
}
