/** Nothing in it moves a cursor or ends a line. */
export function withoutControls(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?').toWellFormed();
}

/** Two long names that differ still do so when cut: the end becomes a digest of the whole. */
export function shorten(name: string, lengthMax: number): string {
  if (name.length <= lengthMax) return name;

  let digest = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) digest = Math.imul(digest ^ name.charCodeAt(index), 0x01000193);
  const ending = `~${(digest >>> 0).toString(16).padStart(8, '0')}`;
  return `${name.slice(0, lengthMax - ending.length).replace(/[\uD800-\uDBFF]$/, '')}${ending}`;
}
