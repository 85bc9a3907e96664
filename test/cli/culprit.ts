import { readFileSync } from 'node:fs';

import { main, type Shell } from '../../src/cli/index.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Types a command line into a shell of which only what is given does anything. */
export async function culprit(
  line: string | readonly string[],
  shell: Partial<Shell> & { isTTY?: boolean } = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const { isTTY = false, ...given } = shell;

  const code = await main(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, {
    run: async () => 0,
    doctor: async () => [],
    replay: () => Promise.reject(new Error('nothing is recorded')),
    version: { version: '1.2.3', node: 'v24.0.0' },
    readFile: (path) => readFileSync(path),
    env: {},
    stopping: () => new AbortController().signal,
    stdout: { isTTY, columns: 80, write: (text: string) => out.push(text) },
    stderr: { isTTY, columns: 80, write: (text: string) => err.push(text) },
    ...given,
  });
  return { code, out: out.join(''), err: err.join('') };
}
