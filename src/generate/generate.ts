/** Renders what is derived: `npm run generate` writes it, `--check` fails when a file is not what would be written. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configPage, jsonSchema } from '../config/index.ts';
import { metricsPage } from '../telemetry/docs.ts';
import { ALERT_FILES } from './alerts/files.ts';
import { DASHBOARD_FILES } from './dashboards/files.ts';
import { detectorsPage } from './detectors-page.ts';

const root = join(import.meta.dirname, '../..');

const generated: Readonly<Record<string, () => string>> = {
  'docs/metrics.md': metricsPage,
  'docs/detectors.md': detectorsPage,
  'docs/configuration.md': () => `# Configuration\n\n${configPage()}`,
  'docs/culprit.schema.json': () => `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  ...ALERT_FILES,
  ...DASHBOARD_FILES,
};

const isCheck = process.argv.includes('--check');
const stale = Object.entries(generated).filter(([path, render]) => render() !== read(path));
for (const [path, render] of stale) {
  if (isCheck) {
    console.error(`${path} is stale: run npm run generate`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), render());
  console.error(`wrote ${path}`);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
