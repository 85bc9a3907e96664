import { type Figures, isSmoke, median } from '../harness/figures.ts';
import type { Verdict } from './judge.ts';
import type { WaitVerdict } from './judge-waits.ts';
import type { Score } from './score.ts';

/** The bars of a full run, and looser ones for a short run on a busy machine. */
export function summarize(figures: Figures, verdicts: readonly Verdict[]): void {
  const percent = (of: (verdict: Verdict) => number) => known(verdicts.map(of)).map((value) => value * 100);
  const conservation = percent((verdict) => Math.abs(verdict.conservation));
  const unseen = percent((verdict) => (isBrief(verdict) ? Number.NaN : verdict.unobserved + verdict.truncated));
  const detection = known(verdicts.map(({ detectionMs }) => detectionMs));
  const throttle = percent((verdict) => Math.abs(verdict.throttle));

  figures.add('conservation error, median', median(conservation), '%', { atMost: 0.1, smoke: 0.3 });
  figures.add('conservation error, worst', Math.max(...conservation), '%', { atMost: 0.5, smoke: 2 });
  figures.add('unobserved + truncated, median', median(unseen), '%', { atMost: 0.5, smoke: 1 });
  figures.add('unobserved + truncated, worst', Math.max(...unseen), '%', { atMost: 2, smoke: 10 });
  const ours = scores(verdicts, ({ ours }) => ours);
  figures.add('total variation, median', median(ours.variations), '', { atMost: 0.01, smoke: 0.03 });
  figures.add('total variation, p95', percentile(ours.variations, 0.95), '', { atMost: 0.03, smoke: 0.1 });
  if (!Number.isNaN(ours.topRight)) {
    figures.add('first offender right', ours.topRight, '%', { atLeast: 100, smoke: 95 });
  }
  figures.add('neighbours accused falsely', ours.accused, '', { exactly: 0 });
  const innocent = Math.max(...verdicts.map(({ innocentSeconds }) => innocentSeconds));
  figures.add('blame for who never held the CPU, worst', innocent, 's', { exactly: 0 });
  const bound = Math.max(...verdicts.map(({ bound }) => bound));
  figures.add('blame, of what there can be at most, worst', bound, 'ratio', { atMost: 1.005, smoke: 1.02 });
  if (throttle.length > 0) {
    figures.add('throttled against the kernel’s clock, worst', Math.max(...throttle), '%', { atMost: 0.1, smoke: 0.5 });
  }
  const counterfactual = percent((verdict) => Math.abs(verdict.counterfactual));
  if (counterfactual.length > 0) {
    figures.add('share against a run without the offender, worst', Math.max(...counterfactual), '%', {
      atMost: 15,
      smoke: 25,
    });
  }
  figures.add('detection delay, median', median(detection), 'ms', { atMost: 1_500, smoke: 2_500 });
  figures.add('detection delay, worst', Math.max(...detection), 'ms', { atMost: 2_000, smoke: 4_000 });
  compare(
    figures,
    'last slice',
    scores(verdicts, ({ lastSlice }) => lastSlice),
  );
  compare(
    figures,
    'CPU share',
    scores(verdicts, ({ cpuShare }) => cpuShare),
  );
  figures.add('PSI, of run delay, median', median(known(verdicts.map(({ pressure }) => pressure))), 'ratio');
}

/** Waits for disks and memory have bars of their own, each for itself. */
export function summarizeWaits(figures: Figures, verdicts: readonly WaitVerdict[]): void {
  for (const verdict of verdicts) addWait(figures, verdict);
}

function addWait(figures: Figures, verdict: WaitVerdict): void {
  const { scenario, isTold, conservation, goneShare, shareError, isTopRight, innocentSeconds } = verdict;
  const percent = (value: number) => Math.abs(value) * 100;
  figures.add(`${scenario}: told of`, Number(isTold), '', { exactly: 1 });
  if (!Number.isNaN(conservation)) {
    figures.add(`${scenario}: conservation error`, percent(conservation), '%', { atMost: 1, smoke: 5 });
  }
  if (!Number.isNaN(shareError)) {
    figures.add(`${scenario}: goes with the offender`, goneShare * 100, '%');
    figures.add(`${scenario}: blamed on the offender`, (goneShare + shareError) * 100, '%');
    figures.add(`${scenario}: share against the counterfactual`, percent(shareError), '%', { atMost: 15, smoke: 25 });
  }
  if (isTopRight !== undefined)
    figures.add(`${scenario}: first offender right`, Number(isTopRight), '', { exactly: 1 });
  figures.add(`${scenario}: blame for who never held it`, innocentSeconds, 's', { exactly: 0 });
}

/** One line a victim. */
export function tell(verdict: Verdict): string {
  const { scenario, victim, runDelaySeconds, ours, lastSlice, cpuShare } = verdict;
  const accused = ours.falselyAccused.length > 0 ? ` FALSE ${ours.falselyAccused}` : '';
  const top = [ours, lastSlice, cpuShare].map(({ isTopRight }) =>
    isTopRight === undefined ? '·' : isTopRight ? '✓' : '✗',
  );
  const cells = [
    `waited ${runDelaySeconds.toFixed(3)} s`,
    `cons ${share(verdict.conservation)}`,
    `unseen ${share(verdict.unobserved)}+${share(verdict.truncated)}`,
    `TV ${[ours, lastSlice, cpuShare].map(({ variation }) => fixed(variation)).join(' / ')}`,
    `top ${top.join('/')}`,
    `throttle ${share(verdict.throttle)}`,
    `bound ${fixed(verdict.bound)}`,
    `${Number.isNaN(verdict.detectionMs) ? '–' : Math.round(verdict.detectionMs)} ms`,
  ];
  return `${`${scenario} ${victim}`.padEnd(26)} ${cells.join('  ')}${accused}`;
}

function compare(figures: Figures, name: string, { variations, topRight, accused }: ReturnType<typeof scores>): void {
  figures.add(`${name}: total variation, median`, median(variations), '');
  figures.add(`${name}: total variation, p95`, percentile(variations, 0.95), '');
  figures.add(`${name}: first offender right`, topRight, '%');
  figures.add(`${name}: neighbours accused falsely`, accused, '');
}

function scores(verdicts: readonly Verdict[], of: (verdict: Verdict) => Score) {
  const all = verdicts.map(of);
  const tops = all.flatMap(({ isTopRight }) => (isTopRight === undefined ? [] : [isTopRight]));
  return {
    variations: known(all.map(({ variation }) => variation)),
    topRight: (tops.filter((isRight) => isRight).length / tops.length) * 100,
    accused: all.reduce((sum, { falselyAccused }) => sum + falselyAccused.length, 0),
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function known(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function share(value: number): string {
  return Number.isNaN(value) ? '–'.padStart(7) : `${(value * 100).toFixed(3)}%`.padStart(7);
}

function fixed(value: number): string {
  return Number.isNaN(value) ? '–'.padStart(5) : value.toFixed(3);
}

/** In a third of the time one bad moment of the machine is most of such a wait. */
function isBrief({ runDelaySeconds }: Verdict): boolean {
  return isSmoke && runDelaySeconds < 0.1;
}
