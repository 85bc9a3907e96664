/**
 * Does Culprit name who is to blame, in time, and nobody else? Plays workloads that are trouble, and others that only look like
 * it, against the exporter with its defaults, and judges what it tells.
 */
import { requirement } from '../test/support/require.ts';
import { listing, SCENARIOS } from './all.ts';
import type { NamedScenario } from './scenario.ts';
import { parseFlags } from './stage/flags.ts';
import { besides, judge } from './stage/judge.ts';
import { playAll } from './stage/play.ts';
import { report } from './stage/report.ts';

const flags = parseFlags();
if (flags.list) console.log(listing());
else await run();

async function run(): Promise<void> {
  const skipped: string[] = [];
  const scenarios = chosen().filter(({ name, needs = [] }) => {
    const missing = requirement('bpf', 'clang', 'setsid', ...needs);
    if (missing !== false) skipped.push(`${name}: ${missing}`);
    return missing === false;
  });
  const stages = await playAll(scenarios, flags.smoke);
  const outcome = { verdicts: stages.map(judge), skipped, others: besides(stages) };
  console.log(flags.json ? JSON.stringify({ smoke: flags.smoke, ...outcome }) : report(outcome));
  // What an interrupted scenario still waits for would keep us.
  process.exit(stages.length === scenarios.length && outcome.verdicts.every(({ holds }) => holds) ? 0 : 1);
}

function chosen(): NamedScenario[] {
  const unknown = flags.only.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`no scenario is called ${unknown.join(' or ')}; --list tells their names`);
  return SCENARIOS.filter(({ name, isQuick = false }) => {
    return flags.only.length > 0 ? flags.only.includes(name) : isQuick || !flags.smoke;
  });
}
