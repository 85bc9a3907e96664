import { shorten, withoutControls } from '../model/text.ts';

const LENGTH_MAX = 64;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Eight or more hexadecimal digits, one of them a digit: `deadbeef` may be a name, `dead8eef` is a hash. */
const HASH = /(?<![0-9a-z])(?=[a-f]*\d)[0-9a-f]{8,}(?![0-9a-z])/gi;
const VERSION = /\d+(?:[._]\d+)*/g;
const STARS = /\*(?:[-_.:+]?\*)+/g;

/**
 * What changes from one instance to the next becomes a star: `python3.11` and `python3.12` are both `python*`.
 *
 * A lone digit too, so `bzip2` is `bzip*`: were it kept, `job1` to `job9` would be nine groups beside the one of `job10` and all others.
 * Who wants another name has a rule for it.
 */
export function collapse(name: string): string {
  return groupName(name.replace(UUID, '*').replace(HASH, '*').replace(VERSION, '*').replace(STARS, '*'));
}

/** `kworker/0:1-events` is one of the `kworker`s; the rest of its name is the work. */
export function kernelThreadName(comm: string): string {
  const end = comm.search(/[/:]/);
  return collapse(end > 0 ? comm.slice(0, end) : comm);
}

/** A lawful name of a group: not empty, not one of ours, which begin with a tilde, and at most 64 characters. */
export function groupName(name: string): string {
  return name === '' ? '*' : shorten(withoutControls(name).replace(/^~/, '_'), LENGTH_MAX);
}
