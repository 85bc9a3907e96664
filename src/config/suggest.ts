/** The candidate nearest to what was typed or ending with it, or nothing when none is near. Case, `-` and `_` don't count. */
export function suggest(typed: string, candidates: readonly string[]): string | undefined {
  const wanted = normalize(typed);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;

  for (const candidate of candidates) {
    const distance = editDistance(wanted, normalize(candidate));
    if (distance >= bestDistance) continue;
    bestDistance = distance;
    best = candidate;
  }
  return (
    best ?? (wanted.length < 4 ? undefined : [...candidates].find((candidate) => normalize(candidate).endsWith(wanted)))
  );
}

/** `; did you mean …?`, or nothing. */
export function didYouMean(typed: string, candidates: readonly string[]): string {
  const near = suggest(typed, candidates);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Names longer than this are compared by their beginnings: what was typed may be megabytes. */
const LENGTH_MAX = 64;

function normalize(name: string): string {
  return name.slice(0, LENGTH_MAX).toLowerCase().replaceAll(/[-_]/g, '');
}

/** Optimal string alignment: an insertion, a deletion, a change or a swap of neighbours costs 1. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);

  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      let cost = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + change);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[to.length]!;
}
