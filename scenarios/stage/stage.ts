import { setTimeout as sleep } from 'node:timers/promises';
import { compile } from '../../bench/harness/compile.ts';
import { type Limits, Place } from '../../bench/harness/place.ts';
import { until } from '../../test/support/until.ts';
import type { NamedScenario } from '../scenario.ts';
import { Actor } from './actor.ts';
import { incidentsOf, isTold } from './judge.ts';
import type { Seen, Watch } from './watch.ts';

/** A sum that must come out, besides the incidents. */
export interface Claim {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly holds: boolean;
}

/** Until the exporter knows who works for whom, and has seen what is asleep. */
const SETTLE_MS = 3_000;
const PATIENCE_SECONDS = 60;

let trouble: string | undefined;
/** The load generator, compiled when it is first needed. */
export function troublePath(): string {
  trouble ??= compile('trouble', '-pthread');
  return trouble;
}

/** Where a scenario is played: its cgroups, what it started in them, and when the cause began and ended. */
export class Stage {
  readonly scenario: NamedScenario;
  readonly watch: Watch;
  readonly claims: Claim[] = [];
  /** The names of all its workloads. */
  readonly workloads: string[] = [];
  /** Milliseconds since 1970; NaN before it happened. */
  beganAt = Number.NaN;
  endedAt = Number.NaN;
  hasBegun = false;
  leader: Actor | undefined;
  /** Why it could not be played to its end. */
  failure: string | undefined;
  readonly #places: Place[] = [];
  readonly #restorers: (() => void)[] = [];

  constructor(scenario: NamedScenario, watch: Watch) {
    this.scenario = scenario;
    this.watch = watch;
  }

  /** A cgroup of its own; `role` tells several apart. */
  place(limits: Limits = {}, role = ''): Place {
    const place = new Place(`scenario-${this.scenario.name}${role && `-${role}`}`, limits);
    this.#places.push(place);
    this.workloads.push(place.path);
    return place;
  }

  /** A load of bench/load/trouble.c, asleep until it is told to go; `before` are words that run it, such as taskset's. */
  async load(place: Place, words: readonly (string | number)[], before: readonly string[] = []): Promise<Actor> {
    const actor = await Actor.start(place, [...before, troublePath(), ...words.map(String)]);
    this.leader ??= actor;
    return actor;
  }

  /** The load is the cause: it begins, and ends when all that is expected has been told, and `before` is done. */
  async cause(load: Actor, before?: () => Promise<void>): Promise<void> {
    await sleep(SETTLE_MS);
    load.go();
    this.beganAt = (await load.told('began')).at;
    await this.told();
    await before?.();
    this.end();
  }

  /** The same with a script, whose shell is the leader. */
  async shell(script: string): Promise<void> {
    const place = this.place();
    const shell = await Actor.start(place, [
      'sh',
      '-c',
      `read -r _; printf '{"what":"began","value":0,"at":%s}\\n' $(date +%s%3N); ${script}`,
    ]);
    this.leader = shell;
    await this.cause(shell);
  }

  /** What only looks like trouble, for so long. */
  async benign(load: Actor, seconds: number): Promise<void> {
    await sleep(SETTLE_MS);
    load.go();
    this.beganAt = (await load.told('began')).at;
    await sleep(seconds * 1_000);
    this.end();
  }

  /** What only looks like trouble, from the beginning to its own end. */
  async script(text: string, place: Place = this.place()): Promise<void> {
    this.begin();
    const actor = await Actor.run(place, text);
    await actor.succeeded();
    this.end();
  }

  begin(): void {
    this.beganAt = Date.now();
  }

  /** Kills what is left of it, which ends the cause. */
  end(): void {
    for (const place of this.#places) place.kill();
    this.endedAt = Date.now();
  }

  /** Resolves when all that is expected has been told, or patience is at its end. */
  async told(): Promise<void> {
    const { expects, patienceSeconds = PATIENCE_SECONDS } = this.scenario;
    const deadline = performance.now() + patienceSeconds * 1_000;
    const isOver = () => performance.now() > deadline || this.watch.failure !== undefined;
    await until(() => isOver() || expects.every((each) => isTold(this, each)), {
      withinMs: Number.POSITIVE_INFINITY,
    });
  }

  /** Of its incidents the first by this detector. */
  firstBy(detector: string): Seen | undefined {
    return incidentsOf(this).find(({ incident }) => incident.detector === detector);
  }

  claim(what: string, value: number, unit: string, holds: boolean): void {
    this.claims.push({ what, value, unit, holds });
  }

  /** Done at the end, also when the play fails or this process is interrupted. */
  restore(undo: () => void): void {
    this.#restorers.push(undo);
  }

  /** Safe to call twice. */
  clear(): void {
    for (const undo of this.#restorers.splice(0).reverse()) undo();
    for (const place of this.#places) place.kill();
  }

  async remove(): Promise<void> {
    for (const place of this.#places.splice(0)) await place.remove();
  }
}
