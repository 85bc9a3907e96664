import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Exporter } from '../../test/support/exporter.ts';
import { until } from '../../test/support/until.ts';
import type { NamedScenario } from '../scenario.ts';
import { incidentsOf, judge } from './judge.ts';
import { briefly } from './report.ts';
import { Stage } from './stage.ts';
import { Watch } from './watch.ts';

/** The longest memory of a detector is ten minutes; an incident stays a minute longer. */
const RESOLVED_WITHIN_MS = 720_000;
/** A start is dearer than anything after it. */
const SETTLE_MS = 5_000;
/** In a smoke run nobody waits a minute for an incident to be over, and the machine may be a busy one. */
const SMOKE = { config: 'detectors: {clearSeconds: 3}', resolvedWithinMs: 45_000, patience: 3 };

/** Plays them against one exporter. An interruption ends it early: then it is about those that have begun. */
export async function playAll(scenarios: readonly NamedScenario[], isSmoke: boolean): Promise<Stage[]> {
  const exporter = await Exporter.start(isSmoke ? SMOKE.config : '');
  const watch = await Watch.follow(exporter);
  const stages = scenarios.map((scenario) => new Stage(isSmoke ? unhurried(scenario) : scenario, watch));
  process.once('exit', () => {
    for (const stage of stages) stage.clear();
  });
  const interruption = new AbortController();
  const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  await Promise.race([perform(stages, isSmoke, interruption.signal), interrupted.then(() => interruption.abort())]);
  for (const stage of stages) {
    stage.clear();
    await stage.remove();
  }
  await watch.end();
  await exporter.stop();
  // An interruption from a terminal reaches the exporter too.
  if (!interruption.signal.aborted) for (const stage of stages) stage.failure ??= watch.failure;
  return stages.filter(({ hasBegun }) => hasBegun);
}

function unhurried(scenario: NamedScenario): NamedScenario {
  const expects = scenario.expects.map(({ withinSeconds, ...expected }) => ({
    ...expected,
    ...(withinSeconds !== undefined && { withinSeconds: withinSeconds * SMOKE.patience }),
  }));
  return { ...scenario, expects };
}

/** Those that use next to no CPU together, the others one after the other; then all of their incidents must end. */
async function perform(stages: readonly Stage[], isSmoke: boolean, interruption: AbortSignal): Promise<void> {
  await sleep(SETTLE_MS);
  await Promise.all(stages.filter(({ scenario }) => scenario.isLight).map(play));
  for (const stage of stages.filter(({ scenario }) => !scenario.isLight)) if (!interruption.aborted) await play(stage);
  await resolution(stages, isSmoke ? SMOKE.resolvedWithinMs : RESOLVED_WITHIN_MS);
}

async function play(stage: Stage): Promise<void> {
  const { name, does } = stage.scenario;
  say(`${name}: ${does}`);
  stage.hasBegun = true;
  try {
    await stage.scenario.play(stage);
  } catch (error) {
    stage.failure = (error as Error).message;
  }
  stage.clear();
  await stage.remove();
  say(`${name}: ${briefly(judge(stage))}`);
}

/** Gives up in the end: then the verdict says that something is open. */
async function resolution(stages: readonly Stage[], withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  const open = () => stages.flatMap(incidentsOf).filter(({ incident }) => incident.resolvedAt === null);
  say(`waiting until all is over: ${open().length} are open`);
  await until(() => open().length === 0 || performance.now() > deadline, { withinMs: Number.POSITIVE_INFINITY });
}

function say(text: string): void {
  console.error(`… ${text}`);
}
