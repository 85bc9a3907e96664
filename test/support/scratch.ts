import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './exit-on-signals.ts';

/** A folder of this process's own that any user may read; removed at exit. */
export const scratch: string = mkdtempSync(join(tmpdir(), 'culprit-test-'));
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
