import { RULE_GROUPS, SUBJECT_GROUPS } from './all.ts';
import { detectorTest } from './detector-tests.ts';
import { DETECTOR_RULES } from './detectors.ts';
import { type AlertRule, stemOf } from './rule.ts';
import { ruleFile } from './rule-file.ts';
import { runbookPage } from './runbook-page.ts';

const runbook = (rule: AlertRule, source: string) =>
  [`alerts/runbooks/${stemOf(rule.alert)}.md`, () => runbookPage(rule, source)] as const;

/** What is generated below `alerts/`: rules, their runbooks, and the promtool tests of detectors' rules. By path. */
export const ALERT_FILES: Readonly<Record<string, () => string>> = Object.fromEntries([
  ...RULE_GROUPS.map((group) => [`alerts/rules/${group.subject}.yaml`, () => ruleFile(group)] as const),
  ...SUBJECT_GROUPS.flatMap(({ source, rules }) => rules.map((rule) => runbook(rule, source))),
  ...DETECTOR_RULES.map((rule) => runbook(rule, `src/core/detect/${rule.id}.ts`)),
  ...DETECTOR_RULES.map((rule) => [`alerts/tests/${rule.id}.yaml`, () => detectorTest(rule)] as const),
]);
