import { readdirSync, statSync } from 'node:fs';

/** Users who run engines for themselves, at most. */
const SOCKETS_MAX = 32;

/**
 * Sockets that are there, of patterns such as `/run/user/UID/podman/podman.sock` with a star for the uid, below `root`.
 *
 * Two patterns may be one place, as /var/run is /run: it is found once.
 */
export function findSockets(patterns: readonly string[], root: string): string[] {
  const found = new Map<string, string>();
  for (const path of patterns.flatMap((pattern) => expand(`${root}${pattern}`))) {
    const place = placeOf(path);
    if (place !== undefined && !found.has(place) && found.size < SOCKETS_MAX) found.set(place, path);
  }
  return [...found.values()];
}

/** Undefined where there is no socket. */
function placeOf(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isSocket() ? `${stat.dev}:${stat.ino}` : undefined;
  } catch {
    return undefined; // most engines are not on this host
  }
}

/** A star stands for the name of one folder. */
function expand(pattern: string): string[] {
  const [before, after] = pattern.split('/*', 2);
  if (before === undefined || after === undefined) return [pattern];
  try {
    return readdirSync(before).flatMap((name) => expand(`${before}/${name}${after}`));
  } catch {
    return []; // nobody has such a folder
  }
}
