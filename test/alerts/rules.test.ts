import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DETECTORS } from '../../src/core/detect/index.ts';
import { prometheusName } from '../../src/telemetry/name.ts';
import { TABLE } from '../../src/telemetry/table.ts';
import { requirement } from '../support/require.ts';
import { ALERTS, alerts, alertTests, ruleFiles, rules, runbooks, testedQueries, testFiles } from './files.ts';

const skip = requirement('promtool');

describe('the alert rules', () => {
  it('are what promtool takes for rules', { skip }, () => {
    assert.deepEqual(promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles), '');
  });

  it('do what their tests say', { skip }, () => {
    assert.deepEqual(promtool('test', 'rules', ...testFiles), '');
  });

  it('fire in a test, each of them, and are silent in another', () => {
    const untested = alerts.flatMap(({ alert }) => {
      const own = alertTests.filter(({ alertname }) => alertname === alert);
      return [
        ...(own.some(({ exp_alerts: fired }) => fired.length > 0) ? [] : [`${alert} fires in no test`]),
        ...(own.some(({ exp_alerts: fired }) => fired.length === 0) ? [] : [`${alert} is silent in no test`]),
      ];
    });

    assert.deepEqual(untested, []);
  });

  it('are there for each detector, and for nobody else under its name', () => {
    const ofDetectors = alerts.flatMap(
      ({ expr }) => /culprit_incident_active\{detector="([^"]+)"\}/.exec(expr)?.[1] ?? [],
    );

    assert.deepEqual(ofDetectors.toSorted(), DETECTORS.map(({ id }) => id).toSorted());
  });

  it('have one name each', () => {
    const names = alerts.map(({ alert }) => alert);

    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('ask only for metrics that there are', () => {
    const known = new Set(TABLE.flatMap(({ name, unit, kind }) => prometheusNames(name, unit, kind)));
    const asked = rules.flatMap(({ expr }) => expr.match(/\bculprit_\w+/g) ?? []);

    assert.deepEqual(
      [...new Set(asked)].filter((name) => !known.has(name)),
      [],
    );
  });

  it('each say how bad it is, what it is, and where to go on', () => {
    const mute = alerts.filter(({ expr, labels, annotations }) => {
      const isOfDetector = expr.includes('culprit_incident_active');
      const { summary, description, runbook_url: runbook, dashboard_url: dashboard } = annotations ?? {};
      return !(summary && description && runbook && dashboard && (isOfDetector || labels?.severity));
    });

    assert.deepEqual(mute, []);
  });

  it('send people to a runbook that there is, with nothing missing in it', () => {
    const stems = alerts.map(({ annotations }) => annotations?.runbook_url?.split('/').at(-1) ?? '');
    const incomplete = stems.filter((stem) =>
      ['Meaning', 'Impact', 'Diagnosis', 'Mitigation'].some((heading) => {
        return !new RegExp(`^## ${heading}\\n\\n\\S.{20}`, 'm').test(runbooks.get(stem) ?? '');
      }),
    );

    assert.deepEqual([incomplete, [...runbooks.keys()].filter((stem) => !stems.includes(stem))], [[], []]);
  });
});

describe('the optional rules', () => {
  it('of recordings are each asked for in a test', () => {
    const recorded = rules.flatMap(({ record }) => record ?? []);
    const text = readFileSync(join(ALERTS, 'tests/recording.yaml'), 'utf8');

    assert.deepEqual(
      recorded.filter((name) => /^instance/.test(name) && !testedQueries.some((query) => query.includes(name))),
      [],
    );
    assert.match(text, /migrate-node-exporter.*migrate-process-exporter/);
  });
});

function promtool(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
  return status === 0 ? '' : `exit code ${status}: ${stdout}${stderr}`;
}

function prometheusNames(name: string, unit: string, kind: Parameters<typeof prometheusName>[2]): string[] {
  const base = prometheusName(name, unit, kind);
  return kind === 'histogram' ? [`${base}_bucket`, `${base}_sum`, `${base}_count`] : [base];
}
