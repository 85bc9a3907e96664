import type { Severity } from '../core/model/finding.ts';
import type { IncidentState } from '../core/model/incident.ts';

/** What we read of what `GET /incidents` answers. */
export interface IncidentsAnswer {
  /** Those that are open, then the others; the latest of each first. */
  readonly incidents: readonly IncidentTold[];
  /** Why those of the past may be missing. */
  readonly degraded?: readonly string[];
}

export interface ProcessNamed {
  readonly pid: number;
  readonly comm: string;
  readonly exe: string;
}

export interface IncidentTold {
  readonly id: string;
  readonly detector: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly entity: { readonly kind: string; readonly name: string };
  readonly culprit: {
    readonly process: ProcessNamed | null;
    readonly lineage: readonly ProcessNamed[];
    readonly group: string;
    readonly workload: { readonly name: string } | null;
  };
  readonly victim: { readonly name: string } | null;
  readonly value: number;
  readonly threshold: number;
  /** UCUM. */
  readonly unit: string;
  readonly windowSeconds: number;
  readonly peak: { readonly value: number; readonly at: string };
  readonly evidence: readonly EvidenceTold[];
  readonly forecast: { readonly what: string; readonly seconds: number } | null;
  readonly onsetAt: string;
  readonly detectedAt: string;
  readonly resolvedAt: string | null;
  readonly overlaps: readonly string[];
  readonly traceId?: string;
}

export interface EvidenceTold {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

/** What `GET /incidents/{id}` tells besides. */
export interface IncidentDetail extends IncidentTold {
  readonly runbook: {
    readonly meaning: string;
    readonly impact: string;
    readonly diagnosis: string;
    readonly mitigation: string;
  };
}
