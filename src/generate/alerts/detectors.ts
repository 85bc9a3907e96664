import { DETECTORS } from '../../core/detect/index.ts';
import { type AlertRule, alertOf, type RuleGroup, WHO } from './rule.ts';

/** An alert, and the detector that it is of. */
export interface DetectorRule extends AlertRule {
  readonly id: string;
}

/**
 * One alert for each detector. It fires as long as an incident is open: that is confirmed and damped already, so nothing is
 * waited for here, and its severity is the incident's own.
 */
export const DETECTOR_RULES: readonly DetectorRule[] = DETECTORS.map(({ id, title, runbook }) => ({
  id,
  alert: alertOf(id),
  expr: `culprit_incident_peak_ratio{detector="${id}"} and culprit_incident_active{detector="${id}"} > 0`,
  summary: `${title}: ${WHO}`,
  description: `${runbook.meaning} At its worst it was {{ $value | printf "%.1f" }} times its threshold. The incident with its evidence: culprit incidents --detector ${id}, or GET /incidents?detector=${id} of {{ $labels.instance }}.`,
  dashboard: 'culprit-incidents',
  runbook,
}));

/**
 * All in one group. Prometheus evaluates each group at another moment of the interval, and what a storm brings along would be
 * told some seconds before the storm that should silence it.
 */
export const DETECTOR_GROUP: RuleGroup = { subject: 'detectors', source: 'src/core/detect/', rules: DETECTOR_RULES };
