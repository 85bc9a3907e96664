/**
 * Does Culprit name who is to blame, in time, and nobody else? Plays workloads that are trouble, and others that only look like
 * it, against the exporter with its defaults, and judges what it tells.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Exporter } from '../test/support/exporter.ts';
import { requirement } from '../test/support/require.ts';
import { until } from '../test/support/until.ts';
import { listing, SCENARIOS } from './all.ts';
import type { NamedScenario } from './scenario.ts';
import { parseFlags } from './stage/flags.ts';
import { besides, incidentsOf, judge } from './stage/judge.ts';
import { report } from './stage/report.ts';
import { Stage } from './stage/stage.ts';
import { Watch } from './stage/watch.ts';

const flags = parseFlags();
/** The longest memory of a detector is ten minutes; an incident stays a minute longer. */
const RESOLVED_WITHIN_MS = flags.smoke ? 45_000 : 720_000;
/** A start is dearer than anything after it. */
const SETTLE_MS = 5_000;
/** In a smoke run nobody waits a minute for an incident to be over. */
const SMOKE_CONFIG = 'detectors: {clearSeconds: 3}';

if (flags.list) console.log(listing());
else await run();

async function run(): Promise<void> {
  const chosen = choose();
  const skipped: string[] = [];
  const scenarios = chosen.filter(({ name, needs = [] }) => {
    const missing = requirement('bpf', 'clang', 'setsid', ...needs);
    if (missing !== false) skipped.push(`${name}: ${missing}`);
    return missing === false;
  });
  const stages = await playAll(scenarios);
  const outcome = { verdicts: stages.map(judge), skipped, others: besides(stages) };
  console.log(flags.json ? JSON.stringify({ smoke: flags.smoke, ...outcome }) : report(outcome));
  if (!outcome.verdicts.every(({ holds }) => holds)) process.exitCode = 1;
}

function choose(): NamedScenario[] {
  const unknown = flags.only.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`no scenario is called ${unknown.join(' or ')}; --list tells their names`);
  return SCENARIOS.filter(({ name, isQuick = false }) => {
    return flags.only.length > 0 ? flags.only.includes(name) : isQuick || !flags.smoke;
  });
}

/** Those that use next to no CPU together, the others one after the other; then all of their incidents must end. */
async function playAll(scenarios: readonly NamedScenario[]): Promise<Stage[]> {
  const exporter = await Exporter.start(flags.smoke ? SMOKE_CONFIG : '');
  const watch = Watch.follow(exporter);
  const stages = scenarios.map((scenario) => new Stage(scenario, watch));
  process.once('exit', () => {
    for (const stage of stages) stage.clear();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  await sleep(SETTLE_MS);
  await Promise.all(stages.filter(({ scenario }) => scenario.isLight).map(play));
  for (const stage of stages.filter(({ scenario }) => !scenario.isLight)) await play(stage);
  await resolution(stages);
  await watch.end();
  await exporter.stop();
  return stages;
}

async function play(stage: Stage): Promise<void> {
  say(`${stage.scenario.name}: ${stage.scenario.does}`);
  try {
    await stage.scenario.play(stage);
  } catch (error) {
    stage.failure = (error as Error).message;
  }
  stage.clear();
  await stage.remove();
}

/** Gives up in the end: then the verdict says that something is open. */
async function resolution(stages: readonly Stage[]): Promise<void> {
  const deadline = performance.now() + RESOLVED_WITHIN_MS;
  const open = () => stages.flatMap(incidentsOf).filter(({ incident }) => incident.resolvedAt === null);
  say(`waiting until all is over: ${open().length} are open`);
  await until(() => open().length === 0 || performance.now() > deadline, { withinMs: Number.POSITIVE_INFINITY });
}

function say(text: string): void {
  console.error(`… ${text}`);
}
