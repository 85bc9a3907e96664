/**
 * Is blame right? Real processes in real cgroups make each other wait; what Culprit says of it is held against what the
 * kernel counted, and against two simpler ways to say it.
 *
 * `node bench/blame.bench.ts [--smoke] [--json] [--only NAME]`
 */
import { execFileSync } from 'node:child_process';
import { Exporter } from '../test/support/exporter.ts';
import { judge, type Verdict } from './blame/judge.ts';
import { LastSlice } from './blame/last-slice.ts';
import { type Played, play } from './blame/play.ts';
import { BURSTY } from './blame/scenarios/bursty.ts';
import { CHURN } from './blame/scenarios/churn.ts';
import { PLACEMENT } from './blame/scenarios/placement.ts';
import { QUOTA } from './blame/scenarios/quota.ts';
import { STEADY } from './blame/scenarios/steady.ts';
import { summarize, tell } from './blame/summary.ts';
import { Figures, isSmoke, onlyPart, progress } from './harness/figures.ts';

const SECONDS = 5;
const SMOKE_SHARE = 1 / 3;

const isGuest = process.env.CULPRIT_GUEST === '1';
const scenarios = [...STEADY, ...BURSTY, ...QUOTA, ...PLACEMENT, ...CHURN].filter(
  ({ name, hostOnly }) => (onlyPart === undefined || name === onlyPart) && !(isGuest && hostOnly),
);

const figures = new Figures(`blame: who kept whom waiting, in ${scenarios.length} scenarios`);
// The observers keep to the CPU where few scenarios play, and are somebody else there.
execFileSync('taskset', ['-pca', '0', String(process.pid)], { stdio: 'ignore' });
const lastSlice = new LastSlice();
const exporter = await Exporter.start();

const verdicts: Promise<Verdict[]>[] = [];
for (const [index, scenario] of scenarios.entries()) {
  progress(`${index + 1}/${scenarios.length} ${scenario.name}`);
  const forMs = (scenario.seconds ?? SECONDS) * 1_000 * (isSmoke ? SMOKE_SHARE : 1);
  verdicts.push(verdictsOf(await play(scenario, exporter, forMs)));
}
const all = (await Promise.all(verdicts)).flat();
await exporter.stop();
lastSlice.close();
for (const verdict of all) figures.note(tell(verdict));
summarize(figures, all);
figures.finish();
process.exit();

/** The next scenario begins while the page of this one completes. */
async function verdictsOf(played: Played): Promise<Verdict[]> {
  return judge(played, await played.page, lastSlice);
}
