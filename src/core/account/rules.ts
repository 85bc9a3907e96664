import { groupName } from './name.ts';

/**
 * All patterns that are given must match. The first rule that does names the group.
 *
 * Patterns have neither flag `g` nor `y`: those remember where they stopped.
 */
export interface GroupRule {
  /** May hold `{exe}`, `{comm}`, and `{part}` for a named part of any of its patterns. */
  readonly name: string;
  readonly comm?: RegExp | undefined;
  readonly exe?: RegExp | undefined;
  /** Of the first 256 bytes, arguments joined by spaces, secrets masked: a named part of it becomes a label. */
  readonly argv?: RegExp | undefined;
  /** The path of the cgroup; empty while it is unknown. */
  readonly cgroup?: RegExp | undefined;
  /** The name of the parent's group. */
  readonly parent?: RegExp | undefined;
}

export interface Candidate {
  readonly comm: string;
  readonly exe: string;
  readonly argv: string;
  readonly cgroup: string;
  readonly parent: string;
}

const SUBJECTS = ['comm', 'exe', 'argv', 'cgroup', 'parent'] as const;

/** Undefined when no rule wants it. */
export function nameByRule(rules: readonly GroupRule[], candidate: Candidate): string | undefined {
  for (const rule of rules) {
    const parts = match(rule, candidate);
    if (parts !== undefined) return groupName(fill(rule.name, parts));
  }
  return undefined;
}

function match(rule: GroupRule, candidate: Candidate): Readonly<Record<string, string | undefined>> | undefined {
  const parts: Record<string, string | undefined> = { exe: candidate.exe, comm: candidate.comm };
  for (const subject of SUBJECTS) {
    const pattern = rule[subject];
    if (pattern === undefined) continue;
    const found = pattern.exec(candidate[subject]);
    if (found === null) return undefined;
    Object.assign(parts, found.groups);
  }
  return parts;
}

function fill(template: string, parts: Readonly<Record<string, string | undefined>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, part: string) =>
    Object.hasOwn(parts, part) ? (parts[part] ?? '') : whole,
  );
}
