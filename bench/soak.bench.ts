/**
 * Does blame stay true? The same loads for ten minutes; once a minute they are stopped, and what Culprit says that each waited
 * is held against what the kernel counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Exporter } from '../test/support/exporter.ts';
import { Actor } from './blame/actor.ts';
import { stallSeconds } from './blame/matrix.ts';
import { bursty, hog, type Role } from './blame/scenario.ts';
import { runDelaySeconds } from './blame/tasks.ts';
import { Troupe } from './blame/troupe.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';

const ROUNDS = isSmoke ? 2 : 10;
const ROUND_MS = isSmoke ? 5_000 : 57_000;
/** Then the exporter has read the last of it from the kernel. */
const SETTLE_MS = 2_500;

const ROLES: readonly Role[] = [
  hog('hog'),
  bursty('bursty', 3, 7),
  { name: 'floating', load: 'spin,threads=3,on_us=4000,off_us=2000', cpu: 'any' },
  { name: 'pipes', load: 'pipe', cpu: 'any' },
  hog('limited', { cpu: 0, limits: { quota: 0.3 } }),
  { name: 'forking', load: 'forks,threads=2,on_us=3000', cpu: 'any' },
];

const figures = new Figures(`soak: ${ROUNDS} rounds of ${ROUND_MS / 1_000} s, blame against run delay`);
const exporter = await Exporter.start();
const actors = ROLES.map((role) => new Actor(role, 'soak'));
const troupe = await Troupe.gather(ROLES);
for (const [index, actor] of actors.entries()) actor.enter(troupe.pids[index]!);
const atStart = troupe.pids.map(runDelaySeconds);

let worst = 0;
let drifts: number[] = [];
troupe.go();
for (let round = 1; round <= ROUNDS; round++) {
  await sleep(ROUND_MS);
  await troupe.stop();
  await sleep(SETTLE_MS);
  drifts = await driftsNow();
  worst = Math.max(worst, ...drifts);
  progress(`${round}/${ROUNDS} worst drift ${(Math.max(...drifts) * 100).toFixed(4)} %`);
  if (round < ROUNDS) troupe.goOn();
}

const page = await exporter.scrape();
const unseen =
  sum((path) => unseenSeconds(path)) / sum((path) => stallSeconds(page, { victim: path, resource: 'cpu' }));
for (const [index, { role }] of actors.entries())
  figures.add(`${role.name}: drift at the end`, drifts[index]! * 100, '%', { atMost: 0.5, smoke: 3 });
figures.add('worst drift of any, at any stop', worst * 100, '%', { atMost: 0.5, smoke: 3 });
figures.add('not seen, of all waits', unseen * 100, '%', { atMost: 2, smoke: 5 });
await exporter.stop();
await troupe.end();
for (const actor of actors) await actor.removePlaces();
figures.finish();
process.exit();

async function driftsNow(): Promise<number[]> {
  const told = await exporter.scrape();
  const counted = await troupe.runDelays();
  return actors.map(({ place }, index) => {
    const truth = counted[index]! - atStart[index]!;
    return Math.abs(stallSeconds(told, { victim: place.path, resource: 'cpu' }) - truth) / truth;
  });
}

function unseenSeconds(victim: string): number {
  return ['unobserved', 'truncated'].reduce((total, cause) => total + stallSeconds(page, { victim, cause }), 0);
}

function sum(of: (path: string) => number): number {
  return actors.reduce((total, { place }) => total + of(place.path), 0);
}
