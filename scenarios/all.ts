import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NamedScenario, Scenario } from './scenario.ts';

/** Every scenario, by its file's name: first what must be told, then what must not. */
export const SCENARIOS: readonly NamedScenario[] = [...(await inFolder('triggers')), ...(await inFolder('lookalikes'))];

async function inFolder(folder: string): Promise<NamedScenario[]> {
  const path = join(import.meta.dirname, folder);
  const files = readdirSync(path).filter((file) => file.endsWith('.ts'));
  return Promise.all(
    files.sort().map(async (file) => {
      const { default: scenario } = (await import(join(path, file))) as { default: Scenario };
      return { ...scenario, name: basename(file, '.ts') };
    }),
  );
}

/** As `scenarios/README.md` has it. */
export function listing(): string {
  const rows = SCENARIOS.map(({ name, does, expects }) => {
    const told = expects.map(({ detector }) => `\`${detector}\``).join(', ');
    return `| \`${name}\` | ${does} | ${told || 'nothing'} |`;
  });
  return ['| scenario | what happens | must be told |', '| --- | --- | --- |', ...rows].join('\n');
}
