import type { Runbook } from '../../core/detect/contract.ts';
import type { Severity } from '../../core/model/finding.ts';

/** A Prometheus alert with the page that it sends people to. */
export interface AlertRule {
  /** `CulpritForkStorm`; its runbook is `fork-storm.md`. */
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so; nothing means at once. */
  readonly for?: string;
  /** Undefined where the series has a severity of its own. */
  readonly severity?: Severity;
  /** Both may use Prometheus's templates: `{{ $labels.workload }}`, `{{ $value }}`. */
  readonly summary: string;
  readonly description: string;
  /** Uid of the dashboard that shows it. */
  readonly dashboard: DashboardUid;
  readonly runbook: Runbook;
}

/** Rules of one subject: one file of `alerts/`. */
export interface RuleGroup {
  /** The file's stem. */
  readonly subject: string;
  /** Where it is written, for the head of the file. */
  readonly source: string;
  readonly rules: readonly AlertRule[];
}

export const DASHBOARD_UIDS = [
  'culprit-overview',
  'culprit-blame',
  'culprit-processes',
  'culprit-incidents',
  'culprit-fleet',
  'culprit-itself',
] as const;
export type DashboardUid = (typeof DASHBOARD_UIDS)[number];

/** `fork-storm` of `CulpritForkStorm`. */
export function stemOf(alert: string): string {
  return alert
    .replace(/^Culprit/, '')
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .slice(1);
}

/** `CulpritForkStorm` of `fork-storm`. */
export function alertOf(id: string): string {
  return `Culprit${id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
}

/** Who and where, as far as the labels tell: `bash of cron.service on host1:9464`. */
export const WHO =
  '{{ with $labels.group }}{{ . }}{{ else }}something{{ end }}' +
  '{{ with $labels.workload }} of {{ . }}{{ end }}{{ with $labels.victim }}, to the harm of {{ . }},{{ end }} on {{ $labels.instance }}';
