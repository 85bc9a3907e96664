/** What a context switch costs with the probe that says who held the CPU, and what all of Culprit costs under 50,000 a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Stalls } from '../src/kernel/stalls.ts';
import { type BpfLink, BpfObject } from '../src/libbpf-ts/index.ts';
import { openProbes } from '../test/kernel/probes/probes.ts';
import { compileBpf } from '../test/libbpf-ts/fixture.ts';
import { Exporter } from '../test/support/exporter.ts';
import { Figures, isSmoke, median, progress } from './harness/figures.ts';
import { type PingPong, playPaced, playRounds, switchNs } from './harness/pingpong.ts';
import { ratio, spent } from './harness/spent.ts';

const ROUNDS = isSmoke ? 3 : 7;
const TURNS = isSmoke ? 50_000 : 200_000;
const SWITCHES_PER_SECOND = 50_000;
const WATCH_MS = isSmoke ? 5_000 : 20_000;
const SETTLE_MS = isSmoke ? 15_000 : 30_000;

const figures = new Figures('switch: cost of a context switch');
await perSwitch();
await wholeAgent();
figures.finish();
process.exit();

/**
 * Each stands between two rounds without any: a drift of the machine cancels. Each round loads them anew, since where a program
 * and its maps happen to lie is worth 15 ns either way. An empty program says how much of it is the price of the hook on this
 * machine, which no program can go below.
 */
async function perSwitch(): Promise<void> {
  progress(
    `${ROUNDS} rounds of ${TURNS} turns on a pipe: without, ours, without, a wake-up hash, without, an empty program`,
  );
  const bareNs: number[] = [];
  const [oursNs, hashNs, emptyNs]: [number[], number[], number[]] = [[], [], []];
  const [wakeupHash, nothing] = [compileBeside('wakeup-hash'), compileBeside('empty')];
  const told = { runs: 0, runNs: 0 };
  let made = 0;

  await playRounds(TURNS); // warm
  for (let round = 0; round < ROUNDS; round++) {
    using ours = openProbes({ only: ['on_switch', 'on_migrate'] });
    using hash = BpfObject.open(wakeupHash);
    using empty = BpfObject.open(nothing);
    for (const object of [ours, hash, empty]) object.load();
    const first = await playRounds(TURNS);
    const withOurs = await playWith(ours);
    const middle = await playRounds(TURNS);
    const withHash = await playWith(hash);
    const late = await playRounds(TURNS);
    const withEmpty = await playWith(empty);
    const last = await playRounds(TURNS);
    const { runs, runNs } = costOf(ours);
    told.runs += runs;
    told.runNs += runNs;
    made += withOurs.switches;
    oursNs.push(switchNs(withOurs) - (switchNs(first) + switchNs(middle)) / 2);
    hashNs.push(switchNs(withHash) - (switchNs(middle) + switchNs(late)) / 2);
    emptyNs.push(switchNs(withEmpty) - (switchNs(late) + switchNs(last)) / 2);
    bareNs.push(...[first, middle, late, last].map(switchNs));
  }
  figures.add('a switch without a probe', median(bareNs), 'ns');
  figures.add('on top of it, ours', median(oursNs), 'ns', { atMost: 80, smoke: 1_000 });
  figures.add('of this, what an empty program costs too', median(emptyNs), 'ns');
  figures.add('on top of it, a wake-up hash', median(hashNs), 'ns');
  figures.add('ours, of the wake-up hash', median(oursNs) / median(hashNs), 'ratio', { atMost: 0.6, smoke: 3 });
  figures.add('switches that ours saw, of those made', told.runs / made, 'ratio', { atLeast: 0.99 });
  figures.add('a run, as ours estimates it', told.runNs / told.runs, 'ns');
}

function compileBeside(name: string): Uint8Array {
  return compileBpf(new URL(`./switch/${name}.bpf.c`, import.meta.url));
}

/** As the exporter tells it. */
function costOf(ours: BpfObject): Stalls['cost'] {
  const stalls = new Stalls({
    blames: ours.map('blames'),
    cpus: ours.map('cpus'),
    resource: 'cpu',
    basis: 'measured',
    emit() {},
    quotaOf: (id) => id,
  });
  stalls.read(0);
  return stalls.cost;
}

async function playWith(object: BpfObject): Promise<PingPong> {
  const links: BpfLink[] = object.programs.filter(({ loaded }) => loaded).map((program) => program.attach());
  try {
    return await playRounds(TURNS);
  } finally {
    for (const link of links) link.close();
  }
}

/** As a user runs it, on a host that does little but switch. */
async function wholeAgent(): Promise<void> {
  progress(`Culprit under ${SWITCHES_PER_SECOND} switches a second, for ${WATCH_MS / 1_000} s`);
  const exporter = await Exporter.start();
  await sleep(SETTLE_MS);
  const idle = await spent(exporter, () => sleep(WATCH_MS));
  let load: PingPong = { switches: 0, cpuUs: 0 };
  const busy = await spent(exporter, async () => {
    load = await playPaced(SWITCHES_PER_SECOND, WATCH_MS);
  });
  await exporter.stop();

  figures.add('switches made', load.switches / (busy.wallMs / 1_000), '/s');
  figures.add('CPU of Culprit, of one core', ratio(busy) * 100, '%', { atMost: 1, smoke: 8 });
  figures.add('of this in the probes', (busy.bpfNs / (busy.wallMs * 1e6)) * 100, '%');
  figures.add('without the switches', ratio(idle) * 100, '%');
}
