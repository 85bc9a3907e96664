import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ExemplarOf } from '../../src/telemetry/render/exemplar.ts';
import type { Source } from '../../src/telemetry/render.ts';
import { samplesOf } from '../support/page.ts';
import { promtoolFindings } from '../support/promtool.ts';
import { requirement } from '../support/require.ts';
import { type AccountSheets, busySheets, emptySheets, lifetimes, random, row } from './accounts.ts';
import { pageOf } from './render-page.ts';
import { stockMetrics, stockPage } from './render-stock.ts';

const GOLDEN = new URL('../fixtures/metrics.golden.txt', import.meta.url);

/** A small host, whole. */
function smallHost(): Source & { sheets: AccountSheets } {
  const sheets = emptySheets();
  row(sheets.groups, ['nginx', 'nginx.service', 'unit'], {
    forks: 4,
    execs: 1,
    exits_ok: 2,
    exits_error: 0,
    exits_signal: 1,
    exits_oom: 0,
    cpu_user_seconds: 12.5,
    cpu_system_seconds: 3.000000001,
    memory_resident_bytes: 5_368_709_120,
    memory_growth_bytes_per_second: -2048.5,
    fd_limit_ratio: 0.25,
    processes_sleeping: 5,
    processes_zombie: 0,
  });
  row(sheets.groups, ['sh', '', 'host'], { forks: 23 });
  row(sheets.workloads, ['nginx.service', 'unit'], {
    ...lifetimes([0, 1, 0, 0, 2, 0, 0, 0, 1], 4012.75),
    run_delay_seconds: 0.3,
    cpu_usage_seconds: 812.25,
    cpu_quota_cores: 1.5,
    memory_usage_bytes: 1_048_576,
    memory_limit_bytes: Infinity,
    memory_events_max: 4,
    pids: 12,
    io_write_bytes: 4096,
  });
  row(sheets.host, [], {
    task_starts: 4321,
    tasks: 123,
    files_open: 864,
    pressure_cpu_some_seconds: 1.5,
    pressure_memory_full_seconds: 0,
  });
  return {
    sheets,
    self: () => [
      { family: 'culprit.build_info', labels: { version: '0.1.0' }, value: 1 },
      { family: 'culprit.events', labels: { kind: 'fork' }, value: 27 },
      { family: 'culprit.collector.duration', labels: { collector: 'pressure' }, value: 0.0005 },
      { family: 'process.open_fds', labels: {}, value: 31 },
    ],
    resource: { 'service.name': 'culprit', 'host.name': 'db-1' },
    exemplarOf: (_, _slot, bucket) => {
      if (bucket !== 1) return undefined;
      return {
        labels: { process_pid: '8121', process_executable_name: 'convert' },
        value: 0.0042,
        atSeconds: 1_700_000_000.5,
      };
    },
  };
}

describe('the page', () => {
  it('is the golden one for a small host', () => {
    const source = smallHost();
    const page = `${pageOf(source)}\n${pageOf(source, 'openmetrics')}`;

    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(GOLDEN, page);
    assert.equal(page, readFileSync(GOLDEN, 'utf8'), 'if the change is wanted: UPDATE_GOLDEN=1 npm test');
  });

  it('pleases promtool', { skip: requirement('promtool') }, () => {
    assert.equal(promtoolFindings(pageOf(smallHost())), '');
    assert.equal(promtoolFindings(pageOf({ sheets: busySheets(2_000, random(1)) })), '');
  });

  it("shows what OpenTelemetry's own serializer shows, of ten random hosts", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const sheets = randomHost(seed);

      assert.deepEqual(samplesOf(pageOf({ sheets })), samplesOf(stockPage(await stockMetrics(sheets))));
    }
  });

  it('is the same set of samples in either format', () => {
    const source = smallHost();

    assert.deepEqual(samplesOf(pageOf(source, 'openmetrics')), samplesOf(pageOf(source)));
  });

  it('is empty but for the target when nothing is known', () => {
    assert.equal(pageOf({ sheets: emptySheets() }).replace(/^#.*\n/gm, ''), 'target_info 1\n');
  });

  it('has no header of a family without a sample, and none twice', () => {
    const sheets = emptySheets();
    row(sheets.groups, ['sh', 'host', 'host'], { forks: Number.NaN, execs: 1 });

    const headers = pageOf({ sheets }).match(/^# TYPE \S+/gm);

    assert.deepEqual(headers, ['# TYPE target_info', '# TYPE culprit_process_execs_total']);
  });

  it('says at once which column a sheet lacks', () => {
    const sheets = emptySheets();

    assert.throws(() => pageOf({ sheets: { ...sheets, host: sheets.workloads } }), /no column task_starts; there are/);
  });
});

describe('a hostile name', () => {
  const hostile = [
    'say "hi"',
    'two\nlines',
    'back\\slash\\',
    '}\n# EOF\nup 1',
    'x'.repeat(4096),
    `${'x'.repeat(4096)}y`,
    'half \ud83e',
    '\ufffd\ufffd',
    '\0\x1b[31mred',
    '{a="b"} 1',
    ' ',
  ];

  it('breaks no page of either format, and stays a series of its own', () => {
    const sheets = emptySheets();
    for (const name of hostile) row(sheets.groups, [name, name, name], { forks: 1 });

    for (const format of ['text', 'openmetrics'] as const) {
      assert.equal(samplesOf(pageOf({ sheets }, format)).size, hostile.length + 1);
    }
  });

  it('does not trouble promtool', { skip: requirement('promtool') }, () => {
    const sheets = emptySheets();
    for (const name of hostile) row(sheets.groups, [name, name, name], { forks: 1 });

    assert.equal(promtoolFindings(pageOf({ sheets })), '');
  });

  it('of a resource becomes a lawful label, joined with others that become the same', () => {
    const page = pageOf({ sheets: emptySheets(), resource: { 'a.b': '1', a_b: '2', '0': 'zero', '': 'none' } });

    assert.equal(page.match(/^target_info.*/m)?.[0], 'target_info{key_="none",key_0="zero",a_b="1;2"} 1');
  });
});

describe('an exemplar', () => {
  function bucketLine(labels: Record<string, string>): string | undefined {
    const sheets = emptySheets();
    row(sheets.workloads, ['w', 'unit'], lifetimes([1, 0, 0, 0, 0, 0, 0, 0, 0], 0.0005));
    const exemplarOf = () => ({ labels, value: 0.0005, atSeconds: 12 });
    return pageOf({ sheets, exemplarOf }, 'openmetrics').match(/^.*le="0.001".*$/m)?.[0];
  }

  it('names the last process of its bucket', () => {
    assert.match(bucketLine({ process_pid: '8121' })!, / 1 # \{process_pid="8121"\} 0.0005 12.000$/);
  });

  it('names the last incident that a row counts', () => {
    const sheets = emptySheets();
    row(sheets.incidents, ['fork-storm', 'critical'], { incidents: 2 });
    row(sheets.incidents, ['zombies', 'warning'], { incidents: 0 });
    const exemplarOf: ExemplarOf = (sheet, slot) =>
      sheet === 'incidents' && slot === 0 ? { labels: { trace_id: '01ab' }, value: 1, atSeconds: 12 } : undefined;

    assert.deepEqual(pageOf({ sheets, exemplarOf }, 'openmetrics').match(/^culprit_incidents_total.*$/gm), [
      'culprit_incidents_total{detector="fork-storm",severity="critical"} 2 # {trace_id="01ab"} 1 12.000',
      'culprit_incidents_total{detector="zombies",severity="warning"} 0',
    ]);
  });

  it('leaves out what would make it longer than OpenMetrics allows', () => {
    assert.match(
      bucketLine({ process_pid: '1', process_executable_name: 'x'.repeat(120) })!,
      / # \{process_pid="1"\} /,
    );
  });

  it('is no part of the classic format, which has none', () => {
    const sheets = emptySheets();
    row(sheets.incidents, ['fork-storm', 'critical'], { incidents: 2 });
    const exemplarOf = () => ({ labels: { trace_id: '01ab' }, value: 1, atSeconds: 12 });

    assert.doesNotMatch(pageOf(smallHost()), / # \{/);
    assert.match(pageOf({ sheets, exemplarOf }), /^culprit_incidents_total\{.*\} 2$/m);
  });
});

/** Some cells not known, some infinite, some rows without a label. */
function randomHost(seed: number): AccountSheets {
  const next = random(seed);
  const sheets = busySheets(500, next);
  for (const sheet of [sheets.groups, sheets.workloads, sheets.host]) {
    for (let column = 0; column < sheet.columns.length; column++) {
      const isLifetime = sheet.columnNames[column]!.startsWith('lifetime');
      for (let slot = 0; slot < sheet.size; slot++) {
        const odds = next();
        if (odds < 0.1) sheet.set(slot, column, Number.NaN);
        else if (odds < 0.12 && !isLifetime) sheet.set(slot, column, Infinity);
        else if (odds < 0.13 && !isLifetime) sheet.set(slot, column, -Infinity);
      }
    }
  }
  sheets.groups.relabel(0, ['"\\\n', '', 'x'.repeat(300)]);
  sheets.groups.close(1);
  return sheets;
}
