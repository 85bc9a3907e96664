import type {
  CgroupEnteredEvent,
  ExecEvent,
  ExitEvent,
  ForkEvent,
  IdleSampleEvent,
  ProcessSampleEvent,
} from '../model/event.ts';
import type { Process, ProcessId } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { Arguments } from './arguments.ts';
import { adopt, orphan, parentOf, unlist } from './family.ts';
import { Graveyard } from './graveyard.ts';
import { Node } from './node.ts';
import type { TreeOptions } from './options.ts';
import { PidIndex } from './pid-index.ts';
import { execed, exited, forked, sampled } from './tell.ts';

/** Deeper than any real line of descent: should the kernel ever tell of a circle, we leave it. */
const DEPTH_MAX = 4_096;

/**
 * Which process begat which: the living, and those that ended not long ago.
 *
 * Events of one process may come in any order and twice. A younger process with the same pid ends the older one.
 */
export class Tree {
  /** Processes that there was no room for. */
  refused = 0;
  /** Processes that were gone although no exit told so. */
  endedUnseen = 0;

  readonly #processesMax: number;
  readonly #onEnd: (process: Process, at: Instant) => void;
  readonly #onForget: (process: Process) => void;
  readonly #index = new PidIndex();
  readonly #arguments = new Arguments();
  readonly #graveyard: Graveyard;
  readonly #live: Node[] = [];
  readonly #pool: Node[] = [];
  #slots = 0;
  #epoch = 0;
  /** Counts processes that began to be remembered. */
  #begun = 0;
  #isShort = false;

  constructor(options: TreeOptions = {}) {
    this.#processesMax = options.processesMax ?? 65_536;
    this.#onEnd = options.onEnd ?? (() => {});
    this.#onForget = options.onForget ?? (() => {});
    this.#graveyard = new Graveyard(options.endedMax ?? 256, options.endedAgeMsMax ?? 600_000, (node) =>
      this.#forget(node),
    );
  }

  /** How many live. */
  get size(): number {
    return this.#live.length;
  }

  /** The living process with this pid. */
  get(pid: number): Process | undefined {
    const node = this.#index.youngest(pid);
    return node !== undefined && node.position >= 0 ? node : undefined;
  }

  /** The one that got this pid last: living, or ended and remembered. */
  latest(pid: number): Process | undefined {
    return this.#index.youngest(pid);
  }

  /** Living, or ended and remembered. */
  find(id: ProcessId): Process | undefined {
    return this.#index.find(id);
  }

  parent(process: Process): Process | undefined {
    return parentOf(process as Node);
  }

  /** From the parent upwards, as far as it is remembered. */
  *ancestors(process: Process): Generator<Process> {
    let node = parentOf(process as Node);
    for (let depth = 0; node !== undefined && depth < DEPTH_MAX; depth++, node = parentOf(node)) yield node;
  }

  /** Those that it begat and that live. Do not change the tree meanwhile. */
  *children(process: Process): Generator<Process> {
    for (let child = (process as Node).firstChild; child !== undefined; child = child.nextSibling) yield child;
  }

  /** Everyone who lives, in no order; an end swaps places, so do not change the tree meanwhile. */
  get live(): readonly Process[] {
    return this.#live;
  }

  /** The beginning of its argv, NUL between arguments; empty when unknown. Good until the tree changes. */
  argv(process: Process): Uint8Array {
    return this.#arguments.of(process.slot);
  }

  fork(event: ForkEvent): Process | undefined {
    const begun = this.#begun;
    const node = this.#findOrCreate(event);
    if (node === undefined) return undefined;
    const wasKnown = begun === this.#begun;
    const isNews = Number.isNaN(node.forkedAt);
    // Who met it before, a snapshot that asks for no names perhaps, did not tell what it runs.
    const isCopy = isNews && Number.isNaN(node.execedAt);

    const parent = this.#index.parentOf(event);
    if (parent !== undefined && isNews) parent.forks++;
    forked(node, event, isCopy ? parent : undefined);
    if (parent !== undefined && isCopy) this.#arguments.share(parent.slot, node.slot);
    if (wasKnown) unlist(node);
    if (parent !== undefined) this.#relate(parent, node);
    return node;
  }

  exec(event: ExecEvent): Process | undefined {
    const node = this.#findOrCreate(event);
    if (node === undefined) return undefined;

    execed(node, event);
    this.#arguments.set(node.slot, event.argv);
    return node;
  }

  exit(event: ExitEvent): Process | undefined {
    const node = this.#findOrCreate(event);
    if (node !== undefined) exited(node, event);
    return node;
  }

  enter(event: CgroupEnteredEvent): Process | undefined {
    const node = this.#index.find(event);
    if (node !== undefined) node.cgroupId = event.cgroupId;
    return node;
  }

  /** Undefined too when it has ended: a sample never raises the dead. */
  sample(event: ProcessSampleEvent): Process | undefined {
    const node = this.#findOrCreate(event);
    if (node === undefined || node.position < 0) return undefined;

    sampled(node, event);
    node.epoch = this.#epoch;
    if (!node.isLinked) this.#relate(this.#index.parentOf(node), node);
    return node;
  }

  /** Undefined too when what it is like was never told. */
  idle(event: IdleSampleEvent): Process | undefined {
    const node = this.#index.find(event);
    if (node !== undefined) node.epoch = this.#epoch;
    if (node !== undefined && !Number.isNaN(node.sampledAt)) return node.position < 0 ? undefined : node;
    // Where there is no room, a whole snapshot would not help.
    if (this.#live.length < this.#processesMax) this.#isShort = true;
    else if (node === undefined) this.refused++;
    return undefined;
  }

  /** It was waited for: it leaves the tree. */
  end(process: Process, at: Instant): void {
    const node = process as Node;
    if (node.position < 0) return;

    if (Number.isNaN(node.exitedAt)) this.endedUnseen++;
    this.#removeFromLive(node);
    node.endedAt = at;
    unlist(node);
    this.#onEnd(node, at);
    this.#graveyard.bury(node, at);
  }

  /** Whether an idle sample told of a process that no other sample had told of, since this was asked before. */
  takeShort(): boolean {
    const isShort = this.#isShort;
    this.#isShort = false;
    return isShort;
  }

  beginSnapshot(): void {
    this.#epoch++;
  }

  /** Who was neither sampled nor begotten since the snapshot began is gone. */
  endSnapshot(at: Instant): void {
    for (let index = this.#live.length - 1; index >= 0; index--) {
      const node = this.#live[index]!;
      if (node.epoch !== this.#epoch) this.end(node, at);
    }
    for (const node of this.#live) {
      if (!node.isLinked) this.#relate(this.#index.parentOf(node), node);
    }
    this.#graveyard.sweep(at);
  }

  #findOrCreate(of: ProcessId & { readonly at: Instant }): Node | undefined {
    const youngest = this.#index.youngest(of.pid);
    if (youngest === undefined) return this.#create(of);
    let node: Node | undefined = youngest;
    while (node !== undefined && node.startedNs > of.startedNs) node = this.#index.older(node);
    if (node?.startedNs === of.startedNs) return node;
    // A pid is only given to a younger process: one between two that we know of is long gone.
    if (node !== youngest) return undefined;
    this.end(youngest, of.at);
    return this.#create(of);
  }

  #create(id: ProcessId): Node | undefined {
    if (this.#live.length >= this.#processesMax) {
      this.refused++;
      return undefined;
    }

    const node = this.#pool.pop() ?? new Node(this.#slots++);
    this.#begun++;
    node.begin(id);
    node.epoch = this.#epoch;
    node.position = this.#live.push(node) - 1;
    this.#index.add(node);
    return node;
  }

  #relate(parent: Node | undefined, child: Node): void {
    if (parent === undefined) return;
    if (parent.position >= 0 && child.position >= 0) adopt(parent, child);
    else child.parent = parent;
  }

  #removeFromLive(node: Node): void {
    const last = this.#live.pop()!;
    if (last !== node) {
      this.#live[node.position] = last;
      last.position = node.position;
    }
    node.position = -1;
  }

  #forget(node: Node): void {
    orphan(node);
    this.#index.delete(node);
    this.#arguments.clear(node.slot);
    this.#onForget(node);
    this.#pool.push(node);
  }
}
