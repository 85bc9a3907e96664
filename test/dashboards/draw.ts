import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { scratch } from '../support/scratch.ts';
import type { Answered, Drawn, Panel } from './files.ts';
import { cellsOf, matrixOf } from './tables.ts';

const WIDTH = 1_290;
const ROW_PX = 34;
const uplot = join(dirname(createRequire(import.meta.url).resolve('uplot')), '..', 'dist');

/** Draws what the panels of a dashboard answered into a PNG: what a person would see, in about Grafana's words and colours. */
export function draw(title: string, panels: readonly Answered[], file: string): void {
  const data = JSON.stringify({ title, panels: panels.map(drawable) }).replaceAll('<', '\\u003c');
  const page = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8')
    .replace('/*UPLOT-CSS*/', () => readFileSync(join(uplot, 'uPlot.min.css'), 'utf8'))
    .replace('/*UPLOT-JS*/', () => readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8'))
    .replace('/*DATA*/', () => data);
  const path = join(scratch, 'dashboard.html');
  const rows = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));

  writeFileSync(path, page);
  execFileSync(
    'chromium',
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      `--user-data-dir=${join(scratch, 'chromium')}`,
      `--window-size=${WIDTH},${rows * ROW_PX + 60}`,
      `--screenshot=${file}`,
      `file://${path}`,
    ],
    { stdio: 'ignore', timeout: 120_000 },
  );
}

function drawable({ panel, results, from, to }: Answered): object {
  const { title, gridPos, type, fieldConfig } = panel;
  const { unit = 'short', thresholds } = fieldConfig?.defaults ?? {};
  const common = { title, gridPos, unit, steps: thresholds?.steps ?? [], from, to };
  const all = results.flat().filter(isNamed);
  if (type === 'row') return { ...common, view: 'row' };
  if (all.length === 0) return { ...common, view: type, isEmpty: true };
  switch (type) {
    case 'stat':
      return { ...common, view: 'stat', value: Number(all[0]!.values.at(-1)![1]) };
    case 'table':
      return { ...common, view: 'table', ...(isMatrix(panel) ? matrixOf(all) : cellsOf(panel, all)) };
    case 'state-timeline':
      return { ...common, view: 'timeline', series: all };
    default:
      return {
        ...common,
        view: 'lines',
        stacked: fieldConfig?.defaults.custom?.stacking?.mode === 'normal',
        series: all,
      };
  }
}

/** Cgroups without a name are those of the machine on which it is drawn, and tell a reader nothing. */
function isNamed({ metric: { workload = '', victim = '', offender = '' } }: Drawn): boolean {
  return ![workload, victim, offender].some((name) => name.startsWith('/'));
}

function isMatrix({ transformations = [] }: Panel): boolean {
  return transformations.some(({ id }) => id === 'groupingToMatrix');
}
