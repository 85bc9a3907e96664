import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { familyName, labelName, prometheusName, unitWord } from '../../src/telemetry/name.ts';

describe("OpenTelemetry's names in Prometheus", () => {
  const translated: [Parameters<typeof prometheusName>, string][] = [
    [['culprit.process.forks', '{fork}', 'counter'], 'culprit_process_forks_total'],
    [['culprit.process.cpu.time', 's', 'counter'], 'culprit_process_cpu_time_seconds_total'],
    [['culprit.process.memory', 'By', 'updowncounter'], 'culprit_process_memory_bytes'],
    [['culprit.process.memory.growth', 'By/s', 'gauge'], 'culprit_process_memory_growth_bytes_per_second'],
    [['culprit.process.lifetime', 's', 'histogram'], 'culprit_process_lifetime_seconds'],
    [['culprit.coverage', '1', 'gauge'], 'culprit_coverage_ratio'],
    [['culprit.build_info', '', 'gauge'], 'culprit_build_info'],
  ];

  for (const [given, expected] of translated) {
    it(`make ${expected} of ${given.join(' ')}`, () => {
      assert.equal(prometheusName(...given), expected);
    });
  }

  it('say a unit once when the name says it already', () => {
    assert.equal(prometheusName('culprit.process.fd.limit_ratio', '1', 'gauge'), 'culprit_process_fd_limit_ratio');
    assert.equal(prometheusName('culprit.cpu.seconds', 's', 'counter'), 'culprit_cpu_seconds_total');
  });

  it('give no ratio to what counts: a counter of unit 1 counts ones', () => {
    assert.equal(prometheusName('culprit.things', '1', 'counter'), 'culprit_things_total');
  });

  it('leave the family of a counter without its suffix', () => {
    assert.equal(familyName('culprit.process.cpu.time', 's', 'counter'), 'culprit_process_cpu_time_seconds');
  });

  it('refuse a unit that the table should not use, such as milliseconds', () => {
    assert.throws(() => unitWord('ms', 'gauge'), /unknown unit ms/);
    assert.throws(() => unitWord('By/min', 'gauge'), /unknown unit By\/min/);
  });
});

describe("an attribute's name as a label", () => {
  it('has underscores for dots', () => {
    assert.equal(labelName('k8s.pod.name'), 'k8s_pod_name');
  });

  it("never begins with what is Prometheus's own", () => {
    assert.deepEqual(['__name__', '1st'].map(labelName), ['key_name_', 'key_1st']);
  });
});
