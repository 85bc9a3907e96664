import { readFileSync } from 'node:fs';

/**
 * Names of the host's users by uid, from `/etc/passwd`; of two with one uid, the first, as getpwuid(3) has it.
 *
 * Users of a directory service, and those that exist only within a container, have no name here. `hostRoot` is where the host's
 * `/` is mounted; empty when it is ours. Nobody has a name where the file can't be read.
 */
export function readUsers(hostRoot: string): Map<number, string> {
  const users = new Map<number, string>();

  for (const line of textOf(`${hostRoot}/etc/passwd`).split('\n')) {
    const [name = '', , uid = ''] = line.split(':');
    if (/^\d+$/.test(uid) && !users.has(Number(uid))) users.set(Number(uid), name);
  }
  return users;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // an image without users, or one that we may not read: uids say it
  }
}
