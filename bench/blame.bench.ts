/**
 * Is blame right? Real processes in real cgroups make each other wait; what Culprit says of it is held against what the
 * kernel counted, and against two simpler ways to say it.
 *
 * `node bench/blame.bench.ts [--smoke] [--json] [--only NAME]`
 */
import { execFileSync } from 'node:child_process';
import { Exporter } from '../test/support/exporter.ts';
import { isGuest } from '../test/support/guest.ts';
import { judge, type Verdict } from './blame/judge.ts';
import { judgeWaits, type WaitVerdict, type Watched } from './blame/judge-waits.ts';
import { LastSlice } from './blame/last-slice.ts';
import { type Played, play } from './blame/play.ts';
import type { Scenario } from './blame/scenario.ts';
import { BURSTY } from './blame/scenarios/bursty.ts';
import { CHURN } from './blame/scenarios/churn.ts';
import { PLACEMENT } from './blame/scenarios/placement.ts';
import { QUOTA } from './blame/scenarios/quota.ts';
import { STEADY } from './blame/scenarios/steady.ts';
import { WAITS } from './blame/scenarios/waits.ts';
import { summarize, summarizeWaits, tell } from './blame/summary.ts';
import { Figures, isSmoke, onlyPart, progress } from './harness/figures.ts';

/** What an emulated CPU loses at times, a millisecond or two, is less of more. */
const SECONDS = isGuest ? 8 : 4;
const SMOKE_SHARE = 1 / 3;

const scenarios = [...STEADY, ...BURSTY, ...QUOTA, ...PLACEMENT, ...CHURN, ...WAITS].filter(
  ({ name, hostOnly, resource }) =>
    (onlyPart === undefined || name === onlyPart) &&
    !(isGuest && (hostOnly || resource !== undefined)) &&
    !(isSmoke && resource === 'io'),
);

if (scenarios.length === 0) {
  console.error(`no scenario that is played here is called ${onlyPart}`);
  process.exit(2);
}
const figures = new Figures(`blame: who kept whom waiting, in ${scenarios.length} scenarios`);
// The observers keep to the CPU where few scenarios play, and are somebody else there.
execFileSync('taskset', ['-pca', '0', String(process.pid)], { stdio: 'ignore' });
const lastSlice = new LastSlice();
// Left to itself it looks at IO only while the host already waits for it, and gives that up while it costs too much, which
// storms of switches make it do. A smoke run leaves the disk alone.
const exporter = await Exporter.start(
  isSmoke ? '' : 'blame: {io: "on"}\nkernel: {stepDownPercent: 100, stopPercent: 100}',
);

const verdicts: Promise<Verdict[]>[] = [];
const waits: WaitVerdict[] = [];
for (const [index, scenario] of scenarios.entries()) {
  progress(`${index + 1}/${scenarios.length} ${scenario.name}`);
  const forMs = SECONDS * 1_000 * (isSmoke ? SMOKE_SHARE : 1);
  if (scenario.resource === undefined) {
    const played = await play(scenario, exporter, forMs);
    verdicts.push(verdictsOf(played, (await playAlone(scenario, forMs / 2, 'alone'))?.played));
    continue;
  }
  // A disk has other users, on other machines: its pace before and after says more than either.
  const before = await playAlone(scenario, forMs / 2, 'before');
  const played = await play(scenario, exporter, forMs);
  const watched = { played, after: await played.after };
  const after = await playAlone(scenario, forMs / 2, 'after');
  waits.push(judgeWaits(watched, before && after && [before, after]));
}
const all = (await Promise.all(verdicts)).flat();
await exporter.stop();
lastSlice.close();
for (const verdict of all) figures.note(tell(verdict));
if (all.length > 0) summarize(figures, all);
summarizeWaits(figures, waits);
figures.finish();
process.exit();

/** The next scenario begins while the page of this one completes. */
async function verdictsOf(played: Played, alone: Played | undefined): Promise<Verdict[]> {
  return judge(played, (await played.after).page, lastSlice, alone);
}

/** Without the offender, under a name of its own. */
async function playAlone(scenario: Scenario, forMs: number, when: string): Promise<Watched | undefined> {
  if (scenario.without === undefined) return undefined;
  const roles = scenario.roles.filter(({ name }) => name !== scenario.without);
  const victims = scenario.victims.slice(0, 1);
  const played = await play({ ...scenario, roles, victims }, exporter, forMs, `${scenario.name}-${when}`);
  return { played, after: await played.after };
}
