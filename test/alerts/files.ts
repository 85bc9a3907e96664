import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

export const ALERTS = join(import.meta.dirname, '../../alerts');

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleTest {
  readonly alertname: string;
  readonly exp_alerts: readonly object[];
}

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly RuleTest[];
    readonly promql_expr_test?: readonly { readonly expr: string; readonly exp_samples: readonly object[] }[];
  }[];
}

export const ruleFiles: readonly string[] = paths('rules/*.yaml', 'optional/*.yaml');
export const testFiles: readonly string[] = paths('tests/*.yaml');

export const rules: readonly Rule[] = ruleFiles.flatMap((path) => {
  const { groups } = parse(readFileSync(path, 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
});

export const alerts: readonly Rule[] = rules.filter(({ alert }) => alert !== undefined);

const tests = testFiles.flatMap((path) => (parse(readFileSync(path, 'utf8')) as TestFile).tests);
export const alertTests: readonly RuleTest[] = tests.flatMap(({ alert_rule_test: all = [] }) => all);
export const testedQueries: readonly string[] = tests.flatMap(({ promql_expr_test: all = [] }) =>
  all.map(({ expr }) => expr),
);

export const runbooks: ReadonlyMap<string, string> = new Map(
  paths('runbooks/*.md').map((path) => [basename(path, '.md'), readFileSync(path, 'utf8')]),
);

function paths(...patterns: readonly string[]): string[] {
  return globSync([...patterns], { cwd: ALERTS })
    .sort()
    .map((path) => join(ALERTS, path));
}
