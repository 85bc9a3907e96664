import { DETECTORS } from '../../core/detect/index.ts';
import { alertOf, type RuleGroup, WHO } from './rule.ts';

/**
 * One alert for each detector. It fires as long as an incident is open: that is confirmed and damped already, so nothing is
 * waited for here, and its severity is the incident's own.
 */
export const DETECTOR_GROUPS: readonly RuleGroup[] = DETECTORS.map(({ id, title, runbook }) => ({
  subject: id,
  source: `src/core/detect/${id}.ts`,
  rules: [
    {
      alert: alertOf(id),
      expr: `culprit_incident_peak_ratio{detector="${id}"} and culprit_incident_active{detector="${id}"} > 0`,
      summary: `${title}: ${WHO}`,
      description: `${runbook.meaning} At its worst it was {{ $value | printf "%.1f" }} times its threshold. The incident with its evidence: culprit incidents --detector ${id}, or GET /incidents?detector=${id} of {{ $labels.instance }}.`,
      dashboard: 'culprit-incidents',
      runbook,
    },
  ],
}));
