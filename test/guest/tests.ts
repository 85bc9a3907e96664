import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { endsWithUs } from '../support/ends-with-us.ts';
import { guestUnavailable } from './machine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why nothing can be tested in the guest, for `skip`; with `CULPRIT_REQUIRE_GUEST=1` it is tried all the same. */
export const skipGuest: false | string = env.CULPRIT_REQUIRE_GUEST !== '1' && ((await guestUnavailable()) ?? false);

export interface Verdict {
  readonly status: number;
  readonly failed: number;
  /** What is skipped there was not tested. */
  readonly skipped: number;
  /** By the runner, for who wants to know why. */
  readonly report: string;
}

interface Wishes {
  /** Which there are, alone. */
  readonly cgroups?: 'v1' | 'v2';
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a file of tests in the guest. */
export async function testInGuest(
  file: string,
  timeoutSeconds: number,
  { cgroups = 'v2', env: extra = {} }: Wishes = {},
): Promise<Verdict> {
  const { NODE_TEST_CONTEXT: _, ...rest } = env; // or the runner there would report to ours, in its own way
  const runner = ['test/guest/run.ts', '--timeout', String(timeoutSeconds), '--cgroups', cgroups];
  const command = ['node', '--test', '--test-reporter=tap', file];
  const guest = endsWithUs(
    spawn(execPath, [...runner, '--', ...command], {
      cwd: root,
      env: { ...rest, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const [[status], stdout, stderr] = await Promise.all([once(guest, 'close'), text(guest.stdout), text(guest.stderr)]);
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1] ?? Number.NaN);

  return { status, failed: count('fail'), skipped: count('skipped'), report: stdout + stderr };
}
