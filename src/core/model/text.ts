/**
 * C0, DEL, C1, line separators, and the marks that turn text around: nothing of them shows on a terminal or a dashboard.
 *
 * For names and for labels the same: two names whose labels are one would be one series twice, and the page refused.
 */
export const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Nothing in it moves a cursor, ends a line or turns text around. */
export function withoutControls(name: string): string {
  return name.replace(UNSEEN, '?').toWellFormed();
}

/** Two long names that differ still do so when cut: the end becomes a digest of the whole. */
export function shorten(name: string, lengthMax: number): string {
  if (name.length <= lengthMax) return name;

  let digest = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) digest = Math.imul(digest ^ name.charCodeAt(index), 0x01000193);
  const ending = `~${(digest >>> 0).toString(16).padStart(8, '0')}`;
  return `${name.slice(0, lengthMax - ending.length).replace(/[\uD800-\uDBFF]$/, '')}${ending}`;
}
