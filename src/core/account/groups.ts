import { maskArguments } from '../model/secrets.ts';
import { collapse, groupName, kernelThreadName } from './name.ts';
import type { Group } from './row.ts';
import { type Candidate, type GroupRule, nameByRule } from './rules.ts';

/** Names that were worked out already; beyond, all are forgotten and worked out again. */
const NAMES_MAX = 8_192;

export interface GroupsOptions {
  readonly rules: readonly GroupRule[];
  /** Groups at once, ours aside. */
  readonly groupsMax: number;
}

/** NUL between arguments. */
export interface HasArgv {
  readonly argv: Uint8Array;
}

/** What is known of a process whose group is asked for. */
export interface Suspect {
  readonly comm: string;
  readonly exe: string;
  readonly isKernelThread: boolean;
  /** Looked at only where a rule does, for a view of it has to be made. */
  readonly source: HasArgv;
  readonly cgroupPath: string;
  readonly parentGroup: string;
}

/** Groups by name. There is always one to answer with: `~other` when there is no room for a new one. */
export class Groups {
  /** Processes that no room was left for; those are in `~other`. */
  refused = 0;
  /** `~other`: what there was no room for. */
  readonly other: Group;
  /** `~unseen`: what the kernel counted, but could tell no event of. */
  readonly unseen: Group;

  #rules: readonly GroupRule[] = [];
  readonly #groupsMax: number;
  /** Whether rules look at more than what a name is remembered by. */
  #isByExe = true;
  readonly #groups = new Map<string, Group>();
  readonly #freeIds: number[] = [];
  readonly #names = new Map<string, string>();
  readonly #commNames = new Map<string, string>();
  readonly #kernelNames = new Map<string, string>();
  readonly #utf8 = new TextDecoder();
  #ids = 0;

  constructor({ rules, groupsMax }: GroupsOptions) {
    this.#groupsMax = groupsMax;
    this.setRules(rules);
    this.other = this.#make('~other');
    this.unseen = this.#make('~unseen');
  }

  get size(): number {
    return this.#groups.size;
  }

  /** For processes that are named from now on; groups that are open stay what they are. */
  setRules(rules: readonly GroupRule[]): void {
    this.#rules = rules;
    this.#isByExe = rules.every((rule) => !rule.comm && !rule.argv && !rule.cgroup && !rule.parent) && !usesComm(rules);
    this.#names.clear();
  }

  /** The short way for an exec of what was named before, where rules look at nothing but the executable. */
  byExe(exe: string): Group | undefined {
    const name = this.#isByExe ? this.#names.get(exe) : undefined;
    return name === undefined ? undefined : this.#named(name);
  }

  of(suspect: Suspect): Group {
    const { exe, comm, isKernelThread } = suspect;
    if (this.#rules.length > 0 && !this.#isByExe) {
      const name = nameByRule(this.#rules, this.#candidate(suspect));
      if (name !== undefined) return this.#named(name);
    }
    if (isKernelThread) return this.#named(remember(this.#kernelNames, comm, kernelThreadName));
    if (exe === '') return this.#named(remember(this.#commNames, comm, collapse));
    return this.#named(remember(this.#names, exe, (name) => this.#byExe(name)));
  }

  /** The open group of the same name. */
  again(group: Group): Group {
    return group.isClosed ? this.#named(group.name) : group;
  }

  /** Its last row closed. */
  close(group: Group): void {
    if (group === this.other || group === this.unseen || group.isClosed) return;
    group.isClosed = true;
    this.#groups.delete(group.name);
    this.#freeIds.push(group.id);
  }

  #named(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    if (this.#groups.size >= this.#groupsMax) {
      this.refused++;
      return this.other;
    }
    const group = this.#make(name);
    this.#groups.set(name, group);
    return group;
  }

  #byExe(exe: string): string {
    if (this.#rules.length === 0 || !this.#isByExe) return collapse(exe);
    return nameByRule(this.#rules, { exe, comm: '', argv: '', cgroup: '', parent: '' }) ?? collapse(exe);
  }

  #candidate({ comm, exe, source: { argv }, cgroupPath, parentGroup }: Suspect): Candidate {
    const text = argv.length === 0 ? [] : maskArguments(this.#utf8.decode(argv).split('\0'));
    return { comm, exe, argv: text.join(' ').trimEnd(), cgroup: cgroupPath, parent: parentGroup };
  }

  #make(name: string): Group {
    const id = this.#freeIds.pop() ?? this.#ids++;
    return { id, name: name.startsWith('~') ? name : groupName(name), rows: 0, isClosed: false };
  }
}

function usesComm(rules: readonly GroupRule[]): boolean {
  return rules.some(({ name }) => name.includes('{comm}'));
}

function remember(names: Map<string, string>, key: string, work: (key: string) => string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) names.clear();
  const name = work(key);
  names.set(key, name);
  return name;
}
