import type { CgroupId, Instant } from '../core/model/units.ts';

/** A directory of the hierarchy whose directories are the workloads. */
export interface Cgroup {
  readonly id: CgroupId;
  /** From the root of the hierarchy, beginning with a slash; valid UTF-8 whatever the directory is called. */
  readonly path: string;
  /** The same as the file system spells it: bytes, where they are not UTF-8. Empty for the root. */
  readonly place: string | Buffer;
  /** Undefined for the root, and where the parent could not be remembered. */
  readonly parent: Cgroup | undefined;
  readonly since: Instant;
  /** When probes last saw that something happened in it; undefined before that, and without them. */
  countedAt?: Instant;
}

/** The path of a file or directory below `place`, in what open(2) takes. */
export function below(mount: string, place: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof place === 'string' && typeof name === 'string') return `${mount}${place}/${name}`;

  return Buffer.concat([Buffer.from(mount), Buffer.from(place), Buffer.from('/'), Buffer.from(name)]);
}

/** A name that is not UTF-8 stays bytes, or nobody could open it again. */
export function spelled(name: Buffer): string | Buffer {
  const text = name.toString('utf8');

  return Buffer.from(text).equals(name) ? text : name;
}
