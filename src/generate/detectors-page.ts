import { DETECTORS } from '../core/detect/index.ts';

const HEADINGS = ['meaning', 'impact', 'diagnosis', 'mitigation'] as const;

const INTRODUCTION = `# Detectors

Generated from src/core/detect. Do not edit.

An incident is resolved when what it is about was below 70 % of its threshold for \`detectors.clearSeconds\`. Each number can be
changed: see [the configuration](configuration.md).`;

/** What each detector looks for, and what to do about it, in Markdown. */
export function detectorsPage(): string {
  const list = DETECTORS.map(({ id, title, severity }) => `| [\`${id}\`](#${id}) | ${title} | ${severity} |`);
  const chapters = DETECTORS.map(({ id, title, severity, options, runbook }) => {
    const defaults = Object.entries(options).map(([name, { default: initial, description }]) => {
      return `| \`${name}\` | ${initial} | ${description} |`;
    });
    return [
      `## ${id}`,
      `${title}; ${severity}.`,
      ['| option | default | meaning |', '| --- | --- | --- |', ...defaults].join('\n'),
      ...HEADINGS.map((heading) => `**${heading[0]!.toUpperCase()}${heading.slice(1)}.** ${runbook[heading]}`),
    ].join('\n\n');
  });

  return `${[INTRODUCTION, ['| detector | finds | severity |', '| --- | --- | --- |', ...list].join('\n'), ...chapters].join('\n\n')}\n`;
}
