import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import { EXIT_REASONS } from '../../../src/core/model/process.ts';
import { sum } from '../support/page.ts';
import { type Being, World } from '../support/world.ts';

const SENSES = { lifecycle: true, counts: true, fds: true };
const CGROUPS = [100, 101, 102, 103];
const CPU = ['cpu_user_seconds', 'cpu_system_seconds'];
const COUNTERS = ['forks', 'execs', ...EXIT_REASONS.map((reason) => `exits_${reason}`), ...CPU];
const STEPS = 4_000;

for (const { title, lossShare, limits } of [
  { title: 'when nothing is lost', lossShare: 0, limits: {} },
  { title: 'when a third of all records is lost', lossShare: 0.33, limits: {} },
  { title: 'when nearly everything is lost', lossShare: 0.95, limits: {} },
  {
    title: 'when there is room for next to nothing',
    lossShare: 0.1,
    limits: { groupsMax: 3, workloadsMax: 2, rowsMax: 5 },
  },
  { title: 'when the tree is too small', lossShare: 0.1, limits: { processesMax: 10 } },
]) {
  describe(`a random world, ${title}`, () => {
    for (const seed of [1, 2, 3, 5, 7]) {
      it(`adds up, seed ${seed}`, () => {
        const engine = createEngine({ senses: SENSES, endedMax: 5_000, ...limits });
        const random = generator(seed);
        const world = new World(engine, () => random() < lossShare);
        // Long enough that some idle and are folded, too short for a row to be closed.
        world.snapshotMs = 8_000;
        const fallen = watchCounters(engine);
        for (const cgroupId of CGROUPS) world.cgroup(cgroupId, `/system.slice/unit-${cgroupId}.service`);
        for (let pid = 1; pid <= 5; pid++) world.find(pid, `old-${'abcdef'[pid]}`, CGROUPS[0]!, pid * 1e9);
        world.snapshot();

        for (let step = 0; step < STEPS; step++) {
          live(world, random);
          if (step % 50 === 0) fallen();
        }
        world.snapshot();

        assert.deepEqual(
          { counts: counted(engine), pids: pids(engine), cpu: cpu(engine), fallen: fallen() },
          {
            counts: truth(world),
            pids: 'processesMax' in limits ? pids(engine) : [...world.beings.keys()].sort((one, other) => one - other),
            cpu: 'processesMax' in limits ? cpu(engine) : Math.round(world.runtimeNs / 1e3),
            fallen: [],
          },
        );
      });
    }
  });
}

/** One thing happens. Pids are few, so that they are soon reused. */
function live(world: World, random: () => number): void {
  const alive = [...world.beings.values()].filter(({ isZombie }) => !isZombie);
  const being = pick(alive, random);
  const what = random();
  if (what < 0.25) {
    const pid = 10 + Math.floor(random() * 60);
    if (!world.beings.has(pid)) world.fork(being, pid);
  } else if (what < 0.4) world.exec(being, `prog-${'abcdefgh'[Math.floor(random() * 8)]}`);
  else if (what < 0.65) world.burn(being, Math.floor(random() * 1e7));
  else if (what < 0.75 && being.pid >= 10) world.exit(being, pick(EXIT_REASONS, random));
  else if (what < 0.95) {
    const zombies = [...world.beings.values()].filter(({ isZombie }) => isZombie);
    if (zombies.length > 0) reap(world, pick(zombies, random), random);
  } else if (what < 0.98) world.move(being, pick(CGROUPS, random));
  else if (what < 0.99) world.snapshot();
}

/** Its memory is torn down, which still costs. */
function reap(world: World, zombie: Being, random: () => number): void {
  world.burn(zombie, Math.floor(random() * 1e5));
  world.reap(zombie, random() < 0.2);
}

function counted(engine: Engine) {
  return COUNTERS.slice(0, 6).map((column) => sum(engine.accounts.groups, [column]));
}

function truth(world: World) {
  const all = [...world.truth.values()];
  const add = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return [
    add(all.map(({ forks }) => forks)),
    add(all.map(({ execs }) => execs)),
    ...EXIT_REASONS.map((reason) => add(all.map(({ exits }) => exits[reason]))),
  ];
}

function pids(engine: Engine): number[] {
  return engine.tree.live.map(({ pid }) => pid).sort((one, other) => one - other);
}

/** Microseconds. */
function cpu(engine: Engine): number {
  return Math.round(sum(engine.accounts.groups, CPU) * 1e6);
}

/** Tells of counters that fell since it was asked before, in rows that stayed open. */
function watchCounters(engine: Engine): () => string[] {
  let before = new Map<string, number>();
  return () => {
    const { groups } = engine.accounts;
    const fallen: string[] = [];
    const after = new Map<string, number>();
    for (const slot of groups.live.subarray(0, groups.size)) {
      for (const column of COUNTERS) {
        const name = `${groups.generations[slot]} ${slot} ${groups.labels[slot]} ${column}`;
        const value = groups.get(slot, groups.column(column));
        if (value < (before.get(name) ?? 0)) fallen.push(name);
        after.set(name, value);
      }
    }
    before = after;
    return fallen;
  };
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!;
}

/** Numbers that look random and are the same each time: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
