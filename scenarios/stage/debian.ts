import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';

const RELEASE = 'bookworm';

/** The source of a Debian package, unpacked in a folder of ours; the host's own lists of packages stay as they are. */
export function sourceOf(name: string): string {
  const folder = join(scratch, `source-${name}`);
  const state = join(folder, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial', 'parts'])
    mkdirSync(join(state, part), { recursive: true });
  writeFileSync(
    join(state, 'parts/source.sources'),
    `Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: ${RELEASE}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`,
  );
  const options = [
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${state}/parts`,
    `Dir::State::Lists=${state}/lists`,
    `Dir::Cache=${state}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  for (const words of [['update'], ['source', name]])
    execFileSync('apt-get', ['--quiet=2', ...options, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const unpacked = readdirSync(folder, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && entry.name.startsWith(`${name}-`),
  );
  if (unpacked === undefined) throw new Error(`apt-get source ${name} left no folder`);
  return join(folder, unpacked.name);
}
