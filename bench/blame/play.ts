import { setTimeout as sleep } from 'node:timers/promises';
import type { Exporter } from '../../test/support/exporter.ts';
import { isGuest } from '../../test/support/guest.ts';
import type { Sample } from '../../test/support/samples.ts';
import { Actor, type Cast } from './actor.ts';
import { requestSeconds } from './devices.ts';
import { stallSeconds } from './matrix.ts';
import type { Scenario } from './scenario.ts';
import { Troupe } from './troupe.ts';

/** How often the exporter is asked whether it shows the wait by now. */
const ASK_EVERY_MS = 100;
/** The kernel is read once a second; what is on its way then is in the reading after. */
const SETTLE_MS = isGuest ? 6_000 : 2_300;
/** The longest that one waits for disks to have nothing to do; others may use them too. */
const DISKS_QUIET_WITHIN_MS = 30_000;

export interface Played {
  readonly scenario: Scenario;
  readonly cast: readonly Cast[];
  /** From waking the loads until a scrape shows the first victim's wait; NaN if none did. */
  readonly detectionMs: number;
  readonly forMs: number;
  readonly before: Reading;
  /** Resolves with what the exporter says once that is complete; then the loads are gone. */
  readonly after: Promise<Reading>;
}

/** What the exporter says, and the time that requests to all devices took by then. */
export interface Reading {
  readonly page: readonly Sample[];
  readonly requestSeconds: number;
}

/** Starts the loads together, lets them be, stops them together, and reads what the kernel counted: only then. */
export async function play(
  scenario: Scenario,
  exporter: Exporter,
  forMs: number,
  name = scenario.name,
): Promise<Played> {
  const before = await readingOf(exporter, scenario);
  const actors = scenario.roles.map((role) => new Actor(role, `blame-${name}`));
  const isRecreated = ({ role }: Actor) => role.name === scenario.recreated;
  const troupes = [await gather(actors.filter((actor) => !isRecreated(actor)))];
  for (const actor of actors.filter(isRecreated)) troupes.push(await gather([actor]));

  const began = performance.now();
  for (const troupe of troupes) troupe.go();
  const victim = actors.find(({ role }) => role.name === scenario.victims[0]!.role)!;
  const detection = detect(exporter, victim.place.path, scenario, began + forMs);
  await sleep(forMs / 2);
  for (const actor of actors) {
    if (actor.role.name === scenario.moved) actor.move();
    if (isRecreated(actor)) await recreate(actor, troupes);
  }
  await sleep(Math.max(0, began + forMs - performance.now()));
  await Promise.all(troupes.map((troupe) => troupe.stop()));

  for (const troupe of troupes) await read(troupe, actors);
  const cast = actors.map((actor) => actor.cast());
  const detectedAt = await detection;
  return {
    scenario,
    cast,
    detectionMs: detectedAt - began,
    forMs,
    before,
    after: settle(exporter, scenario, actors, troupes),
  };
}

async function gather(actors: readonly Actor[]): Promise<Troupe> {
  const troupe = await Troupe.gather(actors.map(({ role }) => role));
  for (const [index, actor] of actors.entries()) actor.enter(troupe.pids[index]!);
  return troupe;
}

async function recreate(actor: Actor, troupes: Troupe[]): Promise<void> {
  const index = troupes.findIndex(({ pids }) => pids.includes(actor.pid));
  await troupes[index]!.end();
  await actor.removePlace();
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
  scenario: Scenario,
  actors: readonly Actor[],
  troupes: readonly Troupe[],
): Promise<Reading> {
  await sleep(SETTLE_MS);
  const reading = await readingOf(exporter, scenario);
  for (const troupe of troupes) await troupe.end();
  for (const actor of actors) await actor.removePlaces();
  return reading;
}

async function readingOf(exporter: Exporter, { resource = 'cpu' }: Scenario): Promise<Reading> {
  if (resource === 'io') await disksQuiet();
  return { page: await exporter.scrape(), requestSeconds: requestSeconds() };
}

/** What was asked of them within the last second the kernel knows, and the exporter not yet. */
async function disksQuiet(): Promise<void> {
  const deadline = performance.now() + DISKS_QUIET_WITHIN_MS;
  let [seen, quietSince] = [requestSeconds(), performance.now()];
  while (performance.now() < Math.min(deadline, quietSince + SETTLE_MS)) {
    await sleep(ASK_EVERY_MS);
    const now = requestSeconds();
    if (now !== seen) [seen, quietSince] = [now, performance.now()];
  }
}
