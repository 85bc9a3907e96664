import { RULE_GROUPS } from './all.ts';
import { detectorTest } from './detector-tests.ts';
import { DETECTOR_GROUPS } from './detectors.ts';
import { stemOf } from './rule.ts';
import { ruleFile } from './rule-file.ts';
import { runbookPage } from './runbook-page.ts';

/** What is generated below `alerts/`: rules, their runbooks, and the promtool tests of detectors' rules. By path. */
export const ALERT_FILES: Readonly<Record<string, () => string>> = Object.fromEntries([
  ...RULE_GROUPS.map((group) => [`alerts/rules/${group.subject}.yaml`, () => ruleFile(group)] as const),
  ...RULE_GROUPS.flatMap(({ source, rules }) =>
    rules.map((rule) => [`alerts/runbooks/${stemOf(rule.alert)}.md`, () => runbookPage(rule, source)] as const),
  ),
  ...DETECTOR_GROUPS.map((group) => [`alerts/tests/${group.subject}.yaml`, () => detectorTest(group)] as const),
]);
