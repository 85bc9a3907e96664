import type { AnyDetector } from '../../../src/core/detect/contract.ts';
import type { Selector } from '../../../src/core/detect/selectors.ts';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';
import type { Incident, IncidentChange } from '../../../src/core/model/incident.ts';
import { exec, exit, fork, reap, sample } from '../support/events.ts';

export const INIT = 1;
const TICK_MS = 1_000;

export interface Settings {
  /** Of the detector, where they are not its defaults. */
  readonly options?: Readonly<Record<string, number>>;
  readonly include?: readonly Selector[];
  readonly exclude?: readonly Selector[];
}

interface Reload {
  readonly isEnabled?: boolean;
  readonly clearMs?: number;
}

/** A host that one detector watches. Time moves only when told. */
export class TestHost {
  readonly engine: Engine;
  readonly changes: IncidentChange[] = [];
  now = 1_000_000;
  readonly #id: string;
  #pids = 100;
  #tickedAt = this.now;

  constructor(detector: AnyDetector, { options = {}, ...selectors }: Settings = {}) {
    this.#id = detector.id;
    this.engine = createEngine({
      senses: { lifecycle: true, counts: true, fds: true },
      detection: {
        detectors: [detector],
        settings: { [detector.id]: { options } },
        ...selectors,
        onChange: (change) => this.changes.push({ ...change, incident: { ...change.incident } }),
      },
    });
    for (const [cgroupId, name] of [100, 200, 300].map((id) => [id, NAMES[id]!] as const))
      this.tell({ kind: 'cgroup-made', at: this.now, cgroupId, path: `/system.slice/${name}` });
    this.tell({ kind: 'tick', at: this.now });
  }

  /** The operator reloads: of the detector, and of what is wanted of it. */
  change({ options = {}, isEnabled = true, clearMs = 60_000, ...selectors }: Settings & Reload): void {
    this.engine.changeDetection({ settings: { [this.#id]: { options, isEnabled } }, clearMs, ...selectors });
  }

  tell(...events: readonly Event[]): void {
    for (const event of events) this.engine.observe(event);
  }

  /** Time passes, a tick every second. */
  pass(ms: number): void {
    const until = this.now + ms;
    while (this.#tickedAt + TICK_MS <= until) {
      this.#tickedAt += TICK_MS;
      this.now = this.#tickedAt;
      this.tell({ kind: 'tick', at: this.now });
    }
    this.now = until;
  }

  /** A process that lives on; its pid. */
  spawn(exe = 'bash', { parent = INIT, cgroupId = 100 } = {}): number {
    const pid = this.#pids++;
    this.tell(fork(pid, parent, { at: this.now, cgroupId, comm: exe.slice(0, 15) }));
    this.tell(exec(pid, exe, { at: this.now, cgroupId }));
    return pid;
  }

  execs(pid: number, exe: string): void {
    this.tell(exec(pid, exe, { at: this.now }));
  }

  end(pid: number, more: Parameters<typeof exit>[1] = {}): void {
    this.tell(exit(pid, { at: this.now, ...more }));
    this.tell(reap(pid, { at: this.now, cgroupId: more?.cgroupId ?? 100 }));
  }

  /** So many children, one after the other, each of which ends at once unless told otherwise. */
  forks(
    parent: number,
    count: number,
    { overMs = 0, lives = false, exe = '', more = {} as Parameters<typeof exit>[1] },
  ): void {
    for (let index = 0; index < count; index++) {
      this.pass(overMs / count);
      const pid = this.#pids++;
      const cgroupId = more?.cgroupId ?? 100;
      this.tell(fork(pid, parent, { at: this.now, cgroupId }));
      if (exe !== '') this.tell(exec(pid, exe, { at: this.now, cgroupId }));
      if (!lives) this.end(pid, more);
    }
  }

  /** A whole snapshot with these samples, told as of now. */
  snapshot(...samples: readonly (Parameters<typeof sample>[1] & { readonly pid: number })[]): void {
    this.tell({ kind: 'snapshot-begin', at: this.now });
    for (const { pid, ...more } of samples)
      this.tell(sample(pid, { at: this.now, exe: this.engine.tree.get(pid)?.exe ?? '', ...more }));
    this.tell({ kind: 'snapshot-end', at: this.now });
  }

  get incidents(): readonly Incident[] {
    return [...this.engine.ledger.open()];
  }

  /** What is open, in short: `fork-storm: bash (pid 100)`. */
  get open(): readonly string[] {
    return this.incidents.map(({ detector, entity }) => `${detector}: ${entity.name}`);
  }

  /** `opened` and `resolved`, in their order; how it was worse meanwhile is the ledger's matter. */
  get told(): readonly IncidentChange['kind'][] {
    return this.changes.map(({ kind }) => kind).filter((kind) => kind !== 'peaked');
  }
}

const NAMES: Readonly<Record<number, string>> = { 100: 'web.service', 200: 'db.service', 300: 'batch.service' };

export function host(detector: AnyDetector, settings: Settings = {}): TestHost {
  return new TestHost(detector, settings);
}
