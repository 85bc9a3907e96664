/**
 * Is a leak told in time, and only a leak? 400 series of 20 kinds, and recordings of real allocators, each as a process
 * that the detectors watch, beside three simpler ways to find a leak.
 *
 * The constants of the algorithm were chosen on seeds 1001 to 1150, of which as many are shown as judge; those that judge
 * are others. Both are drawn by one generator, and one hand wrote it and the algorithm: only the recordings are not its own.
 *
 * `node --expose-gc bench/leak.bench.ts [--smoke] [--json]`
 */
import { Figures, isSmoke, progress } from './harness/figures.ts';
import { addCost } from './leak/cost.ts';
import { addCrowd } from './leak/crowd.ts';
import { leaks, risks } from './leak/detected.ts';
import { generate, generateUndecidable, MINUTES } from './leak/generate.ts';
import { judge, score, type Verdict } from './leak/judge.ts';
import { recordings } from './leak/recordings.ts';
import type { Trace } from './leak/trace.ts';
import { MannKendall, nearLimit, Regression, type Watcher } from './leak/watchers.ts';

const SEEDS = isSmoke ? 3 : 20;
const JUDGED_FROM = 1;
const TUNED_FROM = 1_001;
const SIMPLER: Readonly<Record<string, (windowMs: number) => Watcher>> = {
  'Mann-Kendall': (windowMs) => new MannKendall(windowMs),
  'regression, R² > 0.8': (windowMs) => new Regression(windowMs),
  '80 % of the limit': nearLimit,
};
const HOURS_2 = 7_200_000;
const MINUTE = 60_000;

const judged = seedsFrom(JUDGED_FROM);
const tuned = seedsFrom(TUNED_FROM);
const figures = new Figures(`leak: told in time, and only leaks; seeds ${judged[0]} to ${judged.at(-1)}`);

progress('the series that judge');
const verdicts = [...generate(judged)].map((trace) => judge(trace, leaks()));
const { precision, recall, recallEarly, falseShare, livedMedian, goneMedian, forecastError } = score(verdicts);
figures.add('precision', precision, '', { atLeast: 0.97, smoke: 0.9 });
figures.add('recall by 60 % of leak life', recallEarly, '', { atLeast: 0.97, smoke: 0.9 });
figures.add('recall', recall, '', { atLeast: 0.97, smoke: 0.9 });
figures.add('time to the limit, median error', forecastError * 100, '%', { atMost: 20 });
figures.add('leak life when told, median', livedMedian, '');
figures.add('head-room gone when told, median', goneMedian, '', { atMost: 0.5 });
figures.add('healthy series accused', falseShare, '');
compare('', generate(judged), HOURS_2);

progress('the same, sixty times as fast');
const hasty = score([...generate(judged, MINUTES)].map((trace) => judge(trace, leaks())));
figures.add('within minutes: precision', hasty.precision, '', { atLeast: 0.9 });
figures.add('within minutes: recall by 60 % of leak life', hasty.recallEarly, '', { atLeast: 0.9 });
figures.add('within minutes: head-room gone when told, median', hasty.goneMedian, '', { atMost: 0.5 });
figures.add('within minutes: time to the limit, median error', hasty.forecastError * 100, '%', { atMost: 20 });

progress('oom-risk, of the same');
const risked = score([...generate(judged)].map((trace) => judge(trace, risks())));
figures.add('oom-risk: leaks told before their end', risked.recall, '', { atLeast: 0.97 });
figures.add('oom-risk: time left when told, median', risked.leftMedian, 's');
figures.add('oom-risk: its forecast, median error', risked.forecastError * 100, '%', { atMost: 20 });
figures.add('oom-risk: healthy series accused', risked.falseShare, '', { atMost: 0.03 });

progress(`the series that it was tuned on, seeds ${tuned[0]} to ${tuned.at(-1)}`);
addScore(
  'tuning seeds',
  [...generate(tuned)].map((trace) => judge(trace, leaks())),
);

progress('recordings of real allocators');
const recorded = recordings();
const told = recorded.map((trace) => judge(trace, leaks()));
const real = score(told);
figures.add('real allocators: precision', real.precision, '', { atLeast: 0.97 });
figures.add('real allocators: recall by 60 % of leak life', real.recallEarly, '', { atLeast: 0.97 });
figures.add('real allocators: head-room gone when told, median', real.goneMedian, '', { atMost: 0.55 });
figures.add('real allocators: time to the limit, median error', real.forecastError * 100, '%', { atMost: 20 });
compare('real allocators: ', recorded, MINUTE);

const undecidable = [...generateUndecidable(judged)].map((trace) => judge(trace, leaks()));
figures.add(
  'fills 55 to 75 %, then plateau: accused',
  share(undecidable, ({ isWarned }) => isWarned),
  '',
);
addCost(figures);
addCrowd(figures);
for (const kind of new Set(verdicts.map((verdict) => verdict.kind))) {
  figures.note(tell(verdicts.filter((verdict) => verdict.kind === kind)));
}
for (const verdict of told) figures.note(tell([verdict]));
figures.finish();

function seedsFrom(first: number): number[] {
  return Array.from({ length: SEEDS }, (_, index) => first + index);
}

function compare(prefix: string, traces: Iterable<Trace>, windowMs: number): void {
  const all = [...traces];
  for (const [name, watcher] of Object.entries(SIMPLER)) {
    progress(`${prefix}${name}`);
    addScore(
      prefix + name,
      all.map((trace) => judge(trace, watcher(windowMs))),
    );
  }
}

function addScore(name: string, verdicts: readonly Verdict[]): void {
  const { precision, recall, recallEarly, forecastError } = score(verdicts);
  figures.add(`${name}: precision`, precision, '');
  figures.add(`${name}: recall by 60 % of leak life`, recallEarly, '');
  figures.add(`${name}: recall`, recall, '');
  if (!Number.isNaN(forecastError)) figures.add(`${name}: time to the limit, median error`, forecastError * 100, '%');
}

/** One line a kind: the confusion, not only the sum. */
function tell(verdicts: readonly Verdict[]): string {
  const [{ kind, isLeak } = { kind: '', isLeak: false }] = verdicts;
  const { livedMedian, forecastError } = score(verdicts);
  const warned = `${verdicts.filter(({ isWarned }) => isWarned).length} of ${verdicts.length} warned`;
  const when = isLeak
    ? `  by ${livedMedian.toFixed(2)} of its life, forecast ${(forecastError * 100).toFixed(0)} % off`
    : '';
  return `${isLeak ? 'leak   ' : 'healthy'} ${kind.padEnd(26)} ${warned}${when}`;
}

function share<Item>(items: readonly Item[], is: (item: Item) => boolean): number {
  return items.filter(is).length / items.length;
}
