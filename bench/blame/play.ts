import { setTimeout as sleep } from 'node:timers/promises';
import type { Exporter } from '../../test/support/exporter.ts';
import type { Sample } from '../../test/support/samples.ts';
import { stallSeconds } from './matrix.ts';
import { Place } from './place.ts';
import type { Role, Scenario } from './scenario.ts';
import { runDelaySeconds } from './tasks.ts';
import { type Deeds, Troupe } from './troupe.ts';

/** How often the exporter is asked whether it shows the wait by now. */
const ASK_EVERY_MS = 100;
/** The kernel is read once a second; what is on its way then is in the reading after. */
const SETTLE_MS = 2_300;

/** A role as it was, and what the kernel counted of it. */
export interface Cast {
  readonly role: Role;
  /** Path and id of each cgroup that it was in, and the CPU time used there. */
  readonly places: readonly { readonly path: string; readonly id: number; readonly usedSeconds: number }[];
  readonly parentPath: string | undefined;
  readonly runDelaySeconds: number;
  readonly throttledSeconds: number;
  readonly pressureSeconds: number;
  readonly deeds: Deeds | undefined;
}

export interface Played {
  readonly scenario: Scenario;
  readonly cast: readonly Cast[];
  /** From waking the loads until a scrape shows the first victim's wait; NaN if none did. */
  readonly detectionMs: number;
  readonly before: readonly Sample[];
  /** Resolves with the exporter's page once it is complete; then the loads are gone. */
  readonly page: Promise<readonly Sample[]>;
}

/** Starts the loads together, lets them be, stops them together, and reads what the kernel counted: only then. */
export async function play(
  scenario: Scenario,
  exporter: Exporter,
  forMs: number,
  name = scenario.name,
): Promise<Played> {
  const before = await exporter.scrape();
  const actors = scenario.roles.map((role) => new Actor(role, `blame-${name}`));
  const [alone, together] = [
    actors.filter((one) => one.isRecreated(scenario)),
    actors.filter((one) => !one.isRecreated(scenario)),
  ];
  const troupes = [await gather(together)];
  for (const actor of alone) troupes.push(await gather([actor]));

  const began = performance.now();
  for (const troupe of troupes) troupe.go();
  const victim = actors.find(({ role }) => role.name === scenario.victims[0]!.role)!;
  const detection = detect(exporter, victim.place.path, scenario, began + forMs);
  await sleep(forMs / 2);
  for (const actor of actors) {
    if (actor.role.name === scenario.moved) actor.move();
    if (actor.isRecreated(scenario)) await recreate(actor, troupes);
  }
  await sleep(Math.max(0, began + forMs - performance.now()));
  await Promise.all(troupes.map((troupe) => troupe.stop()));

  for (const troupe of troupes) await read(troupe, actors);
  const cast = actors.map((actor) => actor.cast());
  const detectedAt = await detection;
  return { scenario, cast, detectionMs: detectedAt - began, before, page: settle(exporter, actors, troupes) };
}

class Actor {
  readonly role: Role;
  place: Place;
  pid = 0;
  baselineSeconds = 0;
  delaySeconds = 0;
  deeds: Deeds | undefined;
  readonly #name: string;
  readonly #parent: Place | undefined;
  readonly #left: Place[] = [];
  readonly #gone: { path: string; id: number; usedSeconds: number }[] = [];

  constructor(role: Role, name: string) {
    this.role = role;
    if (role.parentLimits !== undefined) {
      this.#parent = new Place(`${name}-parent`, role.parentLimits);
      this.#parent.delegate();
    }
    this.#name = this.#parent === undefined ? `${name}-${role.name}` : `${name}-parent/${role.name}`;
    this.place = new Place(this.#name, role.limits, role.isRealtime);
  }

  isRecreated({ recreated }: Scenario): boolean {
    return this.role.name === recreated;
  }

  /** Asleep, so that all it has waited for by now was waited for elsewhere. */
  enter(pid: number): void {
    this.pid = pid;
    this.place.enter(pid);
    this.baselineSeconds = runDelaySeconds(pid);
  }

  move(): void {
    this.#left.push(this.place);
    this.place = new Place(`${this.#name}2`, this.role.limits, this.role.isRealtime);
    this.place.enter(this.pid);
  }

  removePlace(): void {
    this.#gone.push(used(this.place));
    this.place.remove();
    this.place = new Place(this.#name, this.role.limits, this.role.isRealtime);
  }

  cast(): Cast {
    const limited = this.#parent ?? this.place;
    return {
      role: this.role,
      places: [...this.#gone, ...[...this.#left, this.place].map(used)],
      parentPath: this.#parent?.path,
      runDelaySeconds: this.delaySeconds - this.baselineSeconds,
      throttledSeconds: limited.throttledSeconds(),
      pressureSeconds: this.place.pressureSeconds(),
      deeds: this.deeds,
    };
  }

  removePlaces(): void {
    for (const place of [this.place, ...this.#left]) place.remove();
    this.#parent?.remove();
  }
}

function used(place: Place) {
  return { path: place.path, id: place.id, usedSeconds: place.usedSeconds() };
}

async function gather(actors: readonly Actor[]): Promise<Troupe> {
  const troupe = await Troupe.gather(actors.map(({ role }) => role));
  for (const [index, actor] of actors.entries()) actor.enter(troupe.pids[index]!);
  return troupe;
}

async function recreate(actor: Actor, troupes: Troupe[]): Promise<void> {
  const index = troupes.findIndex(({ pids }) => pids.includes(actor.pid));
  await troupes[index]!.end();
  actor.removePlace();
  troupes[index] = await gather([actor]);
  troupes[index].go();
}

async function read(troupe: Troupe, actors: readonly Actor[]): Promise<void> {
  const delays = await troupe.runDelays();
  const deeds = await troupe.deeds();
  for (const [index, pid] of troupe.pids.entries()) {
    const actor = actors.find((one) => one.pid === pid)!;
    actor.delaySeconds = delays[index]!;
    actor.deeds = deeds[index];
  }
}

async function detect(
  exporter: Exporter,
  path: string,
  { resource = 'cpu' }: Scenario,
  until: number,
): Promise<number> {
  while (performance.now() < until) {
    await sleep(ASK_EVERY_MS);
    if (stallSeconds(await exporter.scrape(), { victim: path, resource }) > 0) return performance.now();
  }
  return Number.NaN;
}

async function settle(
  exporter: Exporter,
  actors: readonly Actor[],
  troupes: readonly Troupe[],
): Promise<readonly Sample[]> {
  await sleep(SETTLE_MS);
  const page = await exporter.scrape();
  for (const troupe of troupes) await troupe.end();
  for (const actor of actors) actor.removePlaces();
  return page;
}
