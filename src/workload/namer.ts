import type { Event, WorkloadNamedEvent } from '../core/model/event.ts';
import type { WorkloadNames } from '../core/model/names.ts';
import { identify } from '../core/model/path/identify.ts';
import type { Instant } from '../core/model/units.ts';
import { Link, type LinkReading } from './link.ts';
import { Recent } from './recent.ts';
import type { Source } from './source.ts';
import { Wanted } from './wanted.ts';

export interface NamerOptions {
  /** Sources that are there now, but for those of these names; asked for again and again, for engines come late. */
  readonly find: (known: ReadonlySet<string>) => Promise<readonly Source[]>;
  readonly emit: (event: WorkloadNamedEvent) => void;
  /** Monotonic milliseconds. */
  readonly now: () => Instant;
}

/** How it stands with names. */
export interface NamerReading {
  readonly sources: readonly LinkReading[];
  /** Containers counted under their ids, the asked-for and the given-up. */
  readonly unnamed: number;
  /** Containers that there was no room to ask for. */
  readonly refused: number;
}

type Outcome = 'answered' | 'failed' | 'resting';

/** Asked for at a time; the others wait for the answer. */
const BATCH = 256;
/** Engines that are not there yet are looked for so often, while somebody is unnamed. */
const FIND_EVERY_MS = 5_000;
const PAUSE_MS_MIN = 50;

/** Finds out what the containers of this host are called, and tells it as events. */
export class Namer {
  readonly #options: NamerOptions;
  readonly #wanted = new Wanted();
  /** Ids whose names were told. */
  readonly #named = new Recent(16_384);
  readonly #links = new Map<string, Link>();
  #foundAt: Instant = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt: Instant = Number.POSITIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #closed = false;

  constructor(options: NamerOptions) {
    this.#options = options;
  }

  /** Listens to those who are there. Until then, and without it, containers are only noted. */
  async start(): Promise<void> {
    await this.#find();
    this.#rearm();
  }

  /** Takes every event of the host, and looks at those that may be of a container that is new, or gone. */
  observe(event: Event): void {
    if (event.kind !== 'cgroup-made' && event.kind !== 'cgroup-entered' && event.kind !== 'cgroup-removed') return;
    const { workload, isWhole } = identify(event.path);
    const { containerId } = workload;
    if (containerId === undefined || this.#named.has(containerId)) return;
    if (event.kind === 'cgroup-removed') {
      if (isWhole) this.#wanted.gone(containerId);
      return;
    }
    // Of many that come at once only the first wakes us earlier.
    if (this.#wanted.add(containerId, event.at) < this.#wakesAt) this.#rearm();
  }

  reading(): NamerReading {
    return {
      sources: [...this.#links.values()].map((link) => link.reading()),
      unnamed: this.#wanted.size,
      refused: this.#wanted.refused,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    await this.#asking;
  }

  /** A source that was found once is kept: it may be restarted, and then its socket is another's for a while. */
  async #find(): Promise<void> {
    const { find, now } = this.#options;
    this.#foundAt = now();
    for (const source of await find(new Set(this.#links.keys()))) {
      if (this.#closed) await source.close();
      else this.#link(source);
    }
  }

  #link(source: Source): void {
    const { now } = this.#options;
    const hearing = {
      named: (names: WorkloadNames) => this.#tell(names),
      heard: (id: string) => {
        if (this.#named.has(id)) return;
        this.#wanted.hasten(id, now());
        this.#rearm();
      },
    };
    const hasten = () => {
      this.#wanted.hastenAll(now());
      this.#rearm();
    };
    const link = new Link(source, hearing, now, hasten);
    this.#links.set(source.name, link);
    hasten();
    void link.listen();
  }

  #tell(names: WorkloadNames): void {
    this.#named.add(names.containerId);
    this.#wanted.delete(names.containerId);
    this.#options.emit({ kind: 'workload-named', at: this.#options.now(), ...names });
  }

  /** Wakes when somebody must be asked, and never while there is nobody to ask for. */
  #rearm(): void {
    if (this.#closed || this.#asking !== undefined) return;
    clearTimeout(this.#timer);
    this.#wakesAt = this.#wanted.nextAt();
    if (this.#wakesAt === Number.POSITIVE_INFINITY) return;
    const pauseMs = Math.max(PAUSE_MS_MIN, this.#wakesAt - this.#options.now());
    this.#timer = setTimeout(() => {
      this.#asking = this.#ask().finally(() => {
        this.#asking = undefined;
        this.#rearm();
      });
    }, pauseMs).unref();
  }

  async #ask(): Promise<void> {
    const { now } = this.#options;
    if (now() - this.#foundAt >= FIND_EVERY_MS) await this.#find();
    const asked = this.#wanted.due(now(), BATCH);
    const all = [...this.#links.values()];
    // At a time: one that hangs keeps nobody from being named by another.
    const [first, last] = [all.filter((link) => !link.isLastResort), all.filter((link) => link.isLastResort)];
    const outcomes = await Promise.all(first.map((link) => this.#askOne(link, asked)));
    outcomes.push(...(await Promise.all(last.map((link) => this.#askOne(link, this.#unnamed(asked))))));
    for (const id of this.#unnamed(asked)) this.#putOff(id, outcomes);
  }

  async #askOne(link: Link, ids: readonly string[]): Promise<Outcome> {
    if (ids.length === 0) return 'answered';
    const answer = await link.lookUp(ids);
    if (typeof answer === 'string') return answer;
    for (const names of answer) this.#tell(names);
    return 'answered';
  }

  /** A source that failed, or is left alone because it did, may know it all the same. */
  #putOff(id: string, outcomes: readonly Outcome[]): void {
    const at = this.#options.now();
    if (outcomes.every((outcome) => outcome === 'answered')) this.#wanted.missed(id, at);
    else if (outcomes.some((outcome) => outcome !== 'resting')) this.#wanted.unanswered(id, at);
    else this.#wanted.postpone(id, Math.min(...[...this.#links.values()].map(({ restUntil }) => restUntil)));
  }

  #unnamed(ids: readonly string[]): string[] {
    return ids.filter((id) => !this.#named.has(id));
  }
}
