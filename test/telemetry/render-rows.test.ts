import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanLabel, quoteLabel } from '../../src/telemetry/label.ts';
import { Page } from '../../src/telemetry/render/page.ts';
import { Tails } from '../../src/telemetry/render/tails.ts';
import { createRenderer } from '../../src/telemetry/render.ts';
import { type AccountSheets, busySheets, emptySheets, random, row, work } from './accounts.ts';
import { pageOf } from './render-page.ts';

describe('a page after a page', () => {
  it('is what it would be if it were the first, whatever changed between', () => {
    const next = random(42);
    const sheets = busySheets(300, next);
    const source = { sheets, self: () => [], resource: {}, exemplarOf: () => undefined };
    const render = createRenderer(source);
    const pages = [new Page(), new Page(), new Page()];

    for (let round = 0; round < 500; round++) {
      const page = pages[Math.floor(next() * pages.length)]!;
      const format = next() < 0.5 ? 'text' : 'openmetrics';
      change(sheets, next);
      page.clear();
      render(page, format);

      assert.equal(Buffer.from(page.body()).toString(), pageOf(source, format), `round ${round}`);
    }
  });

  it('forgets a row that was closed, and shows the next in its slot under its own labels', () => {
    const sheets = emptySheets();
    const render = createRenderer({ sheets, self: () => [], resource: {}, exemplarOf: () => undefined });
    const forks = () => {
      const page = new Page();
      render(page, 'text');
      return Buffer.from(page.body())
        .toString()
        .match(/^culprit.*/gm);
    };
    const slot = row(sheets.groups, ['old', 'host', 'host'], { forks: 1 });
    row(sheets.groups, ['other', 'host', 'host'], { forks: 5 });
    forks();

    sheets.groups.close(slot);
    row(sheets.groups, ['new', 'host', 'host'], { forks: 2 });
    sheets.groups.relabel(1, ['renamed', 'host', 'host']);

    assert.deepEqual(forks(), [
      'culprit_process_forks_total{group="renamed",workload="host",workload_kind="host"} 5',
      'culprit_process_forks_total{group="new",workload="host",workload_kind="host"} 2',
    ]);
  });
});

describe('the labels of rows', () => {
  it('take no more memory for rows that are gone', () => {
    const { groups } = emptySheets();
    const tails = new Tails(groups);

    for (let index = 0; index < 23_000; index++) {
      const slot = row(groups, [`worker-${index}`, 'x'.repeat(index % 100), 'host'], {});
      tails.refresh();
      groups.close(slot);
    }

    assert.equal(tails.words.byteLength, 4096);
  });

  it('reach the page unaltered, every character that there is', () => {
    const sheets = emptySheets();
    const values = everyCharacter();
    for (const value of values) row(sheets.groups, [value, 'w', 'host'], { forks: 1 });

    const lines = pageOf({ sheets }).match(/^culprit.*/gm);

    const expected = values.map(
      (value) => `{group="${quoteLabel(cleanLabel(value))}",workload="w",workload_kind="host"} 1`,
    );
    assert.deepEqual(
      lines,
      expected.map((labels) => `culprit_process_forks_total${labels}`),
    );
  });

  it('may all be absent, and the sample is still lawful', () => {
    const sheets = emptySheets();
    row(sheets.groups, ['', '', ''], { forks: 1, exits_ok: 2 });

    assert.deepEqual(pageOf({ sheets }).match(/^culprit.*/gm), [
      'culprit_process_forks_total{group=""} 1',
      'culprit_process_exits_total{reason="ok",group=""} 2',
    ]);
  });
});

/** All of Unicode but the surrogates, in strings that no label is too short for. */
function everyCharacter(): string[] {
  const values: string[] = [];
  for (let first = 0; first < 0x110000; first += 64) {
    if (first >= 0xd800 && first < 0xe000) continue;
    values.push(String.fromCodePoint(...Array.from({ length: 64 }, (_, index) => first + index)));
  }
  return values;
}

/** Some rows measured anew, some cells known or unknown; now and then a row opened, closed or relabelled. */
function change(sheets: AccountSheets, next: () => number): void {
  work(sheets, next, next() ** 3);
  for (const sheet of [sheets.groups, sheets.workloads]) {
    const slot = sheet.live[Math.floor(next() * sheet.size)]!;
    sheet.set(slot, Math.floor(next() * sheet.columns.length), next() < 0.5 ? Number.NaN : 7);
    const odds = next();
    if (odds < 0.05) sheet.close(slot);
    else if (odds < 0.1)
      row(
        sheet,
        sheet.labelNames.map(() => `new-${Math.floor(next() * 1e9)}`),
        {},
      );
    else if (odds < 0.15)
      sheet.relabel(
        slot,
        sheet.labelNames.map(() => `other-${Math.floor(next() * 1e9)}`),
      );
  }
}
