import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Files by path; `null` makes a folder. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

/** A folder of small files, such as the kernel would show, until the test ends. */
export function tree(t: TestContext, files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'culprit-'));

  t.after(() => rmSync(root, { recursive: true, force: true }));
  plant(root, files);
  return root;
}

export function plant(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, content === null ? path : join(path, '..')), { recursive: true });
    if (content !== null) writeFileSync(join(root, path), content);
  }
}
