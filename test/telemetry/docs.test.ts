import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { metricsPage } from '../../src/telemetry/docs.ts';
import { prometheusName } from '../../src/telemetry/name.ts';
import { TABLE } from '../../src/telemetry/table.ts';

describe('the page about metrics', () => {
  const lines = metricsPage().split('\n');

  it('has one line for each family, with its labels and what they may be', () => {
    const documented = lines.filter((line) => line.startsWith('| `')).map((line) => line.split('`')[1]);

    assert.deepEqual(
      documented.toSorted(),
      TABLE.map(({ name, unit, kind }) => prometheusName(name, unit, kind)).toSorted(),
    );
    assert.ok(
      lines.includes(
        '| `culprit_process_exits_total` | `culprit.process.exits` | `{exit}` | counter | `reason`: ok, error, signal, oom | Processes ended, by reason: status 0, another status, a signal, the OOM killer. |',
      ),
    );
  });

  it('is a table that nothing in it breaks', () => {
    const rows = lines.filter((line) => line.startsWith('|'));

    assert.deepEqual(
      rows.filter((line) => line.split('|').length !== 8),
      [],
    );
  });
});
