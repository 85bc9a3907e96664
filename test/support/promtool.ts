import { spawnSync } from 'node:child_process';

/** What promtool finds wrong with a page of the classic format; empty when nothing. */
export function promtoolFindings(page: string): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: page,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `exit code ${status}: ${stdout}${stderr}`;
}
