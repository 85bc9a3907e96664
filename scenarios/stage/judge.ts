import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import type { Expected, NamedScenario } from '../scenario.ts';
import type { Claim } from './stage.ts';
import type { Seen } from './watch.ts';

/** All that a verdict rests on. */
export interface Played {
  readonly scenario: NamedScenario;
  readonly watch: { all(): readonly Seen[] };
  readonly workloads: readonly string[];
  /** Milliseconds since 1970: the cause's beginning and end. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly leader: { readonly pid: number } | undefined;
  readonly claims: readonly Claim[];
  readonly failure: string | undefined;
}

/** What became of one expected incident. */
export interface Row {
  readonly detector: string;
  readonly culprit: 'right' | 'none' | string;
  /** From the beginning of the cause until we heard of it; NaN if we never did. */
  readonly delaySeconds: number;
  /** From the end of the cause; NaN while it is open. */
  readonly resolvedSeconds: number;
  readonly holds: boolean;
}

export interface Verdict {
  readonly name: string;
  readonly isTrigger: boolean;
  readonly rows: readonly Row[];
  /** Incidents that nobody ordered, in words. */
  readonly unordered: readonly string[];
  readonly claims: readonly Claim[];
  readonly failure: string | undefined;
  readonly holds: boolean;
}

const MS_PER_SECOND = 1_000;

/** Its incidents, in the order in which we heard of them. */
export function incidentsOf(stage: Played): Seen[] {
  return stage.watch.all().filter(({ incident }) => concerns(stage, incident));
}

/** What was told of nobody who plays, in words: on a machine that does nothing else, nothing. */
export function besides(stages: readonly Played[]): string[] {
  const ours = new Set(stages.flatMap(incidentsOf).map(({ incident }) => incident.id));
  const [stage] = stages;
  const others = stage?.watch.all().filter(({ incident }) => !ours.has(incident.id)) ?? [];
  return others.map(({ incident }) => sentenceOf(incident));
}

export function isTold(stage: Played, expected: Expected): boolean {
  return incidentsOf(stage).some(({ incident }) => isAbout(stage, expected, incident));
}

export function judge(stage: Played): Verdict {
  const { scenario, claims, failure } = stage;
  const rows = scenario.expects.map((expected) => rowOf(stage, expected));
  const unordered = incidentsOf(stage)
    .filter(({ incident }) => !isOrdered(stage, incident))
    .map(({ incident }) => sentenceOf(incident));
  const holds =
    failure === undefined &&
    unordered.length === 0 &&
    rows.every((row) => row.holds) &&
    claims.every((claim) => claim.holds);
  return {
    name: scenario.name,
    isTrigger: rows.length > 0,
    rows,
    unordered,
    claims,
    failure,
    holds,
  };
}

/** Whether one of its workloads is accused, or, of an incident of the host, it was being played alone. */
function concerns({ workloads, scenario, beganAt, endedAt }: Played, incident: IncidentAnswer): boolean {
  const culprit = incident.culprit.workload?.name;
  if (culprit !== undefined && workloads.includes(culprit)) return true;
  const at = Date.parse(incident.detectedAt);
  const isDuring = at >= beganAt && !(at > endedAt);
  return incident.entity.kind === 'host' && culprit === 'host' && isDuring && !(scenario.isLight ?? false);
}

function isOrdered(stage: Played, incident: IncidentAnswer): boolean {
  const { expects, also = [] } = stage.scenario;
  return also.includes(incident.detector) || expects.some((expected) => isAbout(stage, expected, incident));
}

function isAbout({ leader, workloads }: Played, { detector, culprit }: Expected, incident: IncidentAnswer): boolean {
  if (incident.detector !== detector) return false;
  const { process, workload } = incident.culprit;
  if (workload === null || !workloads.includes(workload.name)) return false;
  // Whoever else is on the machine waits as well: that is true, and no proof that the victim on the stage was found.
  if (incident.victim !== null && !workloads.includes(incident.victim.name)) return false;
  if (culprit === 'the workload') return true;
  if (culprit === 'the leader') return process !== null && process.pid === leader?.pid;
  return process?.exe === culprit.exe;
}

function rowOf(stage: Played, expected: Expected): Row {
  const { detector, withinSeconds = Number.POSITIVE_INFINITY } = expected;
  const byIt = incidentsOf(stage).filter(({ incident }) => incident.detector === detector);
  const right = byIt.find(({ incident }) => isAbout(stage, expected, incident));
  const told = right ?? byIt[0];
  const culprit = right ? 'right' : told ? `wrong: ${accused(told.incident)}` : 'none';
  const delaySeconds = told === undefined ? Number.NaN : (told.seenAt - stage.beganAt) / MS_PER_SECOND;
  // All of them must be over, not only the first.
  const resolvedAt = Math.max(...byIt.map(({ incident }) => Date.parse(incident.resolvedAt ?? '')));
  const resolvedSeconds = (resolvedAt - stage.endedAt) / MS_PER_SECOND;
  const holds = right !== undefined && delaySeconds <= withinSeconds && Number.isFinite(resolvedSeconds);
  return { detector, culprit, delaySeconds, resolvedSeconds, holds };
}

function sentenceOf(incident: IncidentAnswer): string {
  const { detector, entity, peak, unit, threshold } = incident;
  return `${detector}: ${entity.name}, ${Number(peak.value.toPrecision(3))} ${unit} against ${threshold}, accused ${accused(incident)}`;
}

function accused({ culprit: { process, workload } }: IncidentAnswer): string {
  const name = process === null ? 'nobody' : `${process.exe || process.comm} (pid ${process.pid})`;
  return `${name} of ${workload?.name ?? 'no workload'}`;
}
