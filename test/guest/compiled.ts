import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = `${root}.cache/guest/compiled`;

/**
 * Has this host take the types off our modules and compile them, for the guest to find it done: Node's own cache, in a
 * folder of the host's root. Emulated it is most of a start, and of every seven that did it themselves one crashed (QEMU
 * 7.2, two threads, on a Xeon; none of 29 with this). Returns the folder.
 */
export async function compileAhead(): Promise<string> {
  const modules = globSync('{src,test,bench,scenarios}/**/*.ts', { cwd: root });
  const imports = modules.map((path) => `import ${JSON.stringify(`${root}${path}`)};`);
  // All are compiled and linked before the first one runs, which ends it.
  const text = [`import 'data:text/javascript,process.exit()';`, ...imports].join('\n');
  const node = spawn(execPath, ['--input-type=module', '--eval', text], {
    env: { ...env, NODE_COMPILE_CACHE: cache, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(node, 'exit');
  if (status !== 0) throw new Error(`our modules could not be compiled for the guest: status ${status}`);
  return cache;
}
