import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Check } from '../../src/cli/index.ts';
import { culprit } from './culprit.ts';

const ARGS = 'doctor --config /dev/null';
const WELL: Check[] = [
  { name: 'kernel', status: 'ok', seen: '6.18.0' },
  { name: 'pressure', status: 'warn', seen: 'no /proc/pressure', advice: 'boot with psi=1' },
];
const ILL: Check[] = [
  ...WELL,
  {
    name: 'btf',
    status: 'fail',
    seen: 'no /sys/kernel/btf/vmlinux',
    advice: 'take a kernel with CONFIG_DEBUG_INFO_BTF',
  },
];

describe('culprit doctor', () => {
  it('lists what it saw and what to do, and is content with warnings', async () => {
    const { code, out } = await culprit(ARGS, { doctor: async () => WELL });

    assert.equal(code, 0);
    assert.equal(
      out,
      `configuration  ok    /dev/null is valid
kernel         ok    6.18.0
pressure       warn  no /proc/pressure
                     → boot with psi=1

2 ok, 1 warn, 0 fail
`,
    );
  });

  it('fails when a check fails', async () => {
    const { code, out } = await culprit(`${ARGS} --json`, { doctor: async () => ILL });

    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(out), {
      ok: false,
      checks: [{ name: 'configuration', status: 'ok', seen: '/dev/null is valid' }, ...ILL],
    });
  });

  it('examines the host by the defaults when the configuration has faults, and fails', async () => {
    const { code, out } = await culprit(`${ARGS} --mode fast`, {
      doctor: async ({ mode }) => [{ name: 'mode', status: 'ok', seen: mode }],
    });

    assert.equal(code, 1);
    assert.match(out, /^configuration {2}fail {2}1 fault in the configuration:\n/);
    assert.match(out, /\nmode {11}ok {4}auto\n/);
  });

  it('uses colours on a terminal only, and not against NO_COLOR', async () => {
    const shell = { doctor: async () => ILL, isTTY: true };
    const escapes = async (given: object): Promise<boolean> =>
      (await culprit(ARGS, { ...shell, ...given })).out.includes('\x1b[');

    assert.deepEqual(
      [
        await escapes({}),
        await escapes({ env: { NO_COLOR: '1' } }),
        await escapes({ env: { TERM: 'dumb' } }),
        await escapes({ isTTY: false }),
      ],
      [true, false, false, false],
    );
  });

  it('lets no name from the host command the terminal', async () => {
    const { out } = await culprit(ARGS, {
      doctor: async () => [{ name: 'x', status: 'ok', seen: 'a\x1b[2Jb\rc\u009bd' }],
    });

    assert.match(out, /a \[2Jb c d/);
  });
});
