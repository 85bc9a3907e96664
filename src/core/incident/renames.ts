import type { Entity, Fact, Finding } from '../model/finding.ts';
import type { Workload } from '../model/workload.ts';
import type { Opened } from './entry.ts';

/** Those of before are told by nobody any more: a detector looks back ten minutes at most. */
const KEPT_MAX = 1_024;

/** Workloads that got their right name while something was held of them under another. */
export class Renames {
  readonly #latest = new Map<string, Workload>();

  add(before: Workload, after: Workload): void {
    for (const [name, { name: known }] of this.#latest) if (known === before.name) this.#latest.set(name, after);
    this.#latest.delete(before.name);
    this.#latest.set(before.name, after);
    if (this.#latest.size > KEPT_MAX) this.#latest.delete(this.#latest.keys().next().value!);
  }

  /** A detector may have begun to watch under the old name. */
  of(finding: Finding): Finding {
    if (this.#latest.size === 0) return finding;
    let now = finding;
    for (const old of [finding.workload, finding.victim]) {
      const after = old && this.#latest.get(old.name);
      if (old !== undefined && after !== undefined) now = renamedFinding(now, old, after);
    }
    return now;
  }
}

/** An incident that is open, told by the right name from now on. Its fingerprint is not yet changed. */
export function renameIncident(incident: Opened, before: Workload, after: Workload): void {
  const { culprit, victim } = incident;
  incident.entity = renamedEntity(incident.entity, before, after);
  incident.culprit = { ...culprit, workload: renamedWorkload(culprit.workload, before, after) };
  incident.victim = renamedWorkload(victim, before, after);
  incident.evidence = incident.evidence.map((one) => ({ ...one, what: inText(one.what, before, after) }));
}

function renamedFinding(finding: Finding, before: Workload, after: Workload): Finding {
  const { entity, workload, victim, facts } = finding;
  return {
    ...finding,
    entity: renamedEntity(entity, before, after),
    workload: renamedWorkload(workload, before, after),
    ...(victim !== undefined && { victim: renamedWorkload(victim, before, after)! }),
    facts: facts.map((fact): Fact => ({ ...fact, what: inText(fact.what, before, after) })),
  };
}

function renamedWorkload(workload: Workload | undefined, before: Workload, after: Workload): Workload | undefined {
  return workload?.name === before.name ? after : workload;
}

/** Keys are names, a line each; a victim's may be followed by what it waits for. */
function renamedEntity({ kind, key, name }: Entity, before: Workload, after: Workload): Entity {
  return { kind, key: inText(key, before, after), name: inText(name, before, after) };
}

/** `cgroup:48` is no part of `cgroup:481`. */
function inText(text: string, { name: before }: Workload, { name: after }: Workload): string {
  return text
    .split(before)
    .reduce((whole, rest) => whole + (/^\w/.test(rest) || /\w$/.test(whole) ? before : after) + rest);
}
