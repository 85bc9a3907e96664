import type { AlertRule } from './rule.ts';

const HEADINGS = ['meaning', 'impact', 'diagnosis', 'mitigation'] as const;

/** What to do about an alert, in Markdown. */
export function runbookPage({ alert, expr, for: held, runbook }: AlertRule, source: string): string {
  const chapters = HEADINGS.map(
    (heading) => `## ${heading[0]!.toUpperCase()}${heading.slice(1)}\n\n${runbook[heading]}`,
  );
  const condition = `\`\`\`promql\n${expr.trim()}\n\`\`\`${held === undefined ? '' : `\n\nfor ${held}.`}`;

  return [
    `<!-- Generated from ${source}. Do not edit. -->`,
    `# ${alert}`,
    ...chapters,
    `## Condition\n\n${condition}\n`,
  ].join('\n\n');
}
