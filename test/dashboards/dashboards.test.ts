import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DASHBOARD_UIDS } from '../../src/generate/alerts/rule.ts';
import { prometheusName } from '../../src/telemetry/name.ts';
import { type Family, TABLE } from '../../src/telemetry/table.ts';
import { dashboards, panels } from './files.ts';
import { lawfulUnits } from './units.ts';

const METRIC = /\b(?:culprit|process)_\w+/g;

const families = new Map<string, Family>(
  TABLE.flatMap((family) => {
    const name = prometheusName(family.name, family.unit, family.kind);
    const names = family.kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];
    return names.map((each) => [each, family] as const);
  }),
);

describe('the dashboards', () => {
  it('are those that alerts link to', () => {
    assert.deepEqual(dashboards.map(({ uid }) => uid).toSorted(), [...DASHBOARD_UIDS].toSorted());
  });

  it('ask only for metrics that there are', () => {
    const asked = [
      ...panels.flatMap(({ name, targets = [] }) => targets.map(({ expr }) => [name, expr] as const)),
      ...dashboards.flatMap(({ uid, templating, annotations }) => [
        ...templating.list.map(({ name, query }) => [`${uid}: ${name}`, String(query)] as const),
        ...annotations.list.map(({ name, expr = '' }) => [`${uid}: ${name}`, expr] as const),
      ]),
    ];

    assert.deepEqual(
      asked.flatMap(([name, expr]) =>
        (expr.match(METRIC) ?? [])
          .filter((metric) => !families.has(metric))
          .map((metric) => `${name} asks for ${metric}`),
      ),
      [],
    );
  });

  it('say of each panel what it shows, and in what unit', () => {
    const mute = panels.filter(({ description = '', fieldConfig, targets = [] }) => {
      return description.length < 15 || fieldConfig?.defaults.unit === undefined || targets.length === 0;
    });

    assert.deepEqual(
      mute.map(({ name }) => name),
      [],
    );
  });

  it('show each metric in a unit that is its own', () => {
    const wrong = panels.flatMap(({ name, fieldConfig, targets = [] }) =>
      targets.flatMap(({ expr }) => {
        const family = families.get(expr.match(METRIC)?.[0] ?? '');
        const unit = fieldConfig?.defaults.unit ?? '';
        return family === undefined || lawfulUnits(family, expr).includes(unit) ? [] : [`${name}: ${unit} of ${expr}`];
      }),
    );

    assert.deepEqual(wrong, []);
  });

  it('name in each legend only labels that the query leaves', () => {
    const wrong = panels.flatMap(({ name, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        const by = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(', ');
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
        return by === undefined ? [] : named.filter((label) => !by.includes(label)).map((label) => `${name}: ${label}`);
      }),
    );

    assert.deepEqual(wrong, []);
  });

  it('lay panels side by side, none upon another and none beyond the edge', () => {
    const wrong = dashboards.flatMap(({ uid, panels: all }) =>
      all.flatMap((panel, index) => {
        const { x, y, w, h } = panel.gridPos;
        const under = all.slice(index + 1).filter(({ gridPos: other }) => {
          return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
        });
        return [
          ...under.map(({ title }) => `${uid}: ${panel.title} on ${title}`),
          ...(x + w > 24 ? [`${uid}: ${panel.title}`] : []),
        ];
      }),
    );

    assert.deepEqual(wrong, []);
  });

  it('show incidents as annotations of Prometheus, and what is tagged in Grafana', () => {
    for (const { uid, annotations } of dashboards) {
      const [incidents, tagged] = annotations.list;
      assert.match(incidents?.expr ?? '', /culprit_incident_active/, uid);
      assert.deepEqual(tagged?.target, { type: 'tags', tags: ['culprit'], matchAny: false, limit: 100 }, uid);
    }
  });
});
