import type { Finding, Severity } from '../model/finding.ts';
import type { Culprit, Incident, IncidentChange } from '../model/incident.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { evidenceOf, fingerprintOf, isOver, isWorse, type Opened, peak, takenOver, takePeak } from './entry.ts';
import { History } from './history.ts';
import { Looks } from './looks.ts';
import { Renames, renameIncident } from './renames.ts';
import { Tallies } from './tallies.ts';

export interface LedgerOptions {
  /** Unique, and in the order of time. */
  readonly newId: () => string;
  readonly describe: (finding: Finding) => Culprit;
  readonly onChange?: (change: IncidentChange) => void;
  /** Open at once; what comes above it is refused and counted. */
  readonly openMax?: number;
  /** Closed ones that are remembered. */
  readonly historyMax?: number;
  /** So long a finding must be gone, or below 70 % of its threshold, before its incident is resolved. */
  readonly clearMs?: number;
}

/** What the ledger needs to know of a detector. */
export interface Finder {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

/** An incident names so many others at most. */
const OVERLAPS_MAX = 16;

/** Gives findings a beginning and an end. Told a detector's findings whole, it finds out what is new and what is over. */
export class Ledger {
  /** Findings that no incident was opened for, for want of room. */
  refused = 0;
  /** Those of an earlier run that were taken over. */
  resumed = 0;
  /** Those of an earlier run whose end nobody saw. */
  lost = 0;
  readonly tallies: Tallies;
  /** From the next look on. */
  clearMs: number;

  readonly #options: Required<LedgerOptions>;
  readonly #open = new Map<string, Opened>();
  /** Findings that are held, but not long enough yet: since when. */
  readonly #pending = new Map<string, { readonly finder: string; readonly since: Instant; seenAt: Instant }>();
  readonly #looks = new Looks();
  readonly #history: History;
  readonly #renames = new Renames();

  constructor(options: LedgerOptions) {
    this.#options = { onChange: () => {}, openMax: 1_000, historyMax: 1_000, clearMs: 60_000, ...options };
    this.clearMs = this.#options.clearMs;
    this.#history = new History(this.#options.historyMax);
    this.tallies = new Tallies(this.#options.openMax);
  }

  /** Those that are open, the oldest first. */
  open(): Iterable<Incident> {
    return this.#open.values();
  }

  /** Those that are resolved or lost, and remembered; the latest first. */
  closed(): Iterable<Incident> {
    return this.#history.latestFirst();
  }

  get(id: string): Incident | undefined {
    return this.#open.values().find((incident) => incident.id === id) ?? this.#history.get(id);
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Closed ones that are not remembered any more. */
  get forgotten(): number {
    return this.#history.forgotten;
  }

  /**
   * Goes on with what an earlier run left open, as of the same boot: what is still true is the same incident.
   *
   * No detector may have been listened to before. What none of them confirms is lost after a while, and so is at once what there is no room for.
   */
  resume(left: Iterable<Incident>, at: Instant): void {
    for (const incident of left) {
      const opened = takenOver(incident, this.clearMs, at);
      if (this.#open.has(incident.fingerprint) || this.#open.size >= this.#options.openMax) {
        this.#lose(opened, at);
        continue;
      }
      this.resumed++;
      this.#open.set(incident.fingerprint, opened);
      this.tallies.hold(opened, at);
      this.tallies.peak(opened, opened.peakStrength);
    }
  }

  /** Gives up what an earlier run left open, where nothing can tell whether it is still true. */
  giveUp(left: Iterable<Incident>, at: Instant): void {
    for (const incident of left) this.#lose(takenOver(incident, 0, at), at);
  }

  /** All that a detector holds true now; what it does not tell is not so any more. */
  observe(finder: Finder, confirmMs: number, findings: readonly Finding[], at: Instant): void {
    for (const told of findings) {
      const finding = this.#renames.of(told);
      const fingerprint = fingerprintOf(finder.id, finding.entity);
      const known = this.#open.get(fingerprint);
      if (known !== undefined) this.#hold(known, finding, at);
      else if (finding.strength >= 1) this.#consider(fingerprint, finder, confirmMs, finding, at);
    }
    for (const [fingerprint, pending] of this.#pending) {
      if (pending.finder === finder.id && pending.seenAt !== at) this.#pending.delete(fingerprint);
    }
    const blindMs = this.#looks.blindMs(finder.id, at);
    for (const incident of this.#open.values()) {
      if (incident.detector !== finder.id) continue;
      if (incident.heldAt < at) incident.heldAt += blindMs;
      if (isOver(incident, this.clearMs, at)) this.#close(incident, at);
    }
  }

  /** What is open under the old name goes on under the new one. Nobody is told: it is no change of how things stand. */
  rename(before: Workload, after: Workload, at: Instant): void {
    this.#renames.add(before, after);
    const all = [...this.#open.values()];
    const kept = new Set(this.#open.keys());
    this.#open.clear();
    for (const incident of all) {
      const isCounted = [incident.culprit.workload?.name, incident.victim?.name].includes(before.name);
      if (isCounted) this.tallies.end(incident);
      renameIncident(incident, before, after);
      if (isCounted) this.tallies.hold(incident, at);
      if (isCounted) this.tallies.peak(incident, incident.peakStrength);
      const fingerprint = fingerprintOf(incident.detector, incident.entity);
      // Of two that turn out to be one, that of the old name keeps its own, and ends by itself: nothing is found of it any more.
      if (!kept.has(fingerprint)) incident.fingerprint = fingerprint;
      this.#open.set(incident.fingerprint, incident);
    }
  }

  #hold(incident: Opened, finding: Finding, at: Instant): void {
    incident.heldAt = at;
    incident.awaited = undefined;
    incident.forecast = finding.forecast;
    if (finding.severity !== undefined && isWorse(finding.severity, incident.severity))
      this.#raise(incident, finding.severity, at);
    if (finding.strength > incident.peakStrength) {
      peak(incident, finding, at);
      this.tallies.peak(incident, finding.strength);
    }
    if (takePeak(incident, at)) this.#options.onChange({ kind: 'peaked', at, incident });
  }

  /** In the total it stays what it began as. */
  #raise(incident: Opened, severity: Severity, at: Instant): void {
    this.tallies.end(incident);
    incident.severity = severity;
    this.tallies.hold(incident, at);
    this.tallies.peak(incident, incident.peakStrength);
  }

  #consider(fingerprint: string, finder: Finder, confirmMs: number, finding: Finding, at: Instant): void {
    const pending = this.#pending.get(fingerprint);
    const since = pending?.since ?? at;
    if (at - since < confirmMs) {
      if (pending !== undefined) pending.seenAt = at;
      else if (this.#pending.size < this.#options.openMax)
        this.#pending.set(fingerprint, { finder: finder.id, since, seenAt: at });
      else this.refused++;
      return;
    }
    this.#pending.delete(fingerprint);
    if (this.#open.size >= this.#options.openMax) {
      this.refused++;
      return;
    }
    this.#begin(fingerprint, finder, finding, since, at);
  }

  #begin(fingerprint: string, finder: Finder, finding: Finding, since: Instant, at: Instant): void {
    const { entity, value, threshold, unit, windowMs, victim, forecast } = finding;
    const incident: Opened = {
      id: this.#options.newId(),
      state: 'open',
      fingerprint,
      detector: finder.id,
      title: finder.title,
      severity: finding.severity ?? finder.severity,
      entity,
      culprit: this.#options.describe(finding),
      victim,
      value,
      threshold,
      unit,
      windowMs,
      evidence: evidenceOf(finding),
      forecast,
      onsetAt: Math.min(finding.onsetAt ?? since, at),
      detectedAt: at,
      peakValue: value,
      peakAt: at,
      peakStrength: finding.strength,
      toldAt: at,
      isPeakTold: true,
      awaited: undefined,
      heldAt: at,
      resolvedAt: Number.NaN,
      overlaps: [...this.#open.values()]
        .slice(-OVERLAPS_MAX)
        .reverse()
        .map(({ id }) => id),
    };
    this.#open.set(fingerprint, incident);
    this.tallies.begin(incident, at);
    this.tallies.peak(incident, incident.peakStrength);
    this.#options.onChange({ kind: 'opened', at, incident });
  }

  #close(incident: Opened, at: Instant): void {
    this.#open.delete(incident.fingerprint);
    this.tallies.end(incident);
    if (incident.awaited === undefined) this.#end(incident, 'resolved', at);
    else this.#lose(incident, at);
  }

  #lose(incident: Opened, at: Instant): void {
    this.lost++;
    this.#end(incident, 'lost', at);
  }

  #end(incident: Opened, state: 'resolved' | 'lost', at: Instant): void {
    incident.state = state;
    incident.resolvedAt = at;
    this.#history.add(incident);
    this.#options.onChange({ kind: state, at, incident });
  }
}
