import { DETECTOR_GROUP } from './detectors.ts';
import type { RuleGroup } from './rule.ts';
import { EXPORTER } from './subjects/exporter.ts';
import { HOST } from './subjects/host.ts';
import { PROCESSES } from './subjects/processes.ts';
import { TRIAGE } from './subjects/triage.ts';
import { WORKLOADS } from './subjects/workloads.ts';

/** Rules on raw metrics: they work without detectors. */
export const SUBJECT_GROUPS: readonly RuleGroup[] = [TRIAGE, HOST, WORKLOADS, PROCESSES, EXPORTER];

export const RULE_GROUPS: readonly RuleGroup[] = [DETECTOR_GROUP, ...SUBJECT_GROUPS];
