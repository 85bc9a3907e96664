/** How a wait divides: seconds by whom or what. */
export type Division = ReadonlyMap<string, number>;

/** Whatever is not one of the scenario's roles. */
export const REST = 'rest';

export function total(division: Division): number {
  return [...division.values()].reduce((sum, seconds) => sum + seconds, 0);
}

/** Half of what the shares of two divisions differ in: 0 for the same, 1 for nothing in common. */
export function totalVariation(one: Division, other: Division): number {
  const names = new Set([...one.keys(), ...other.keys()]);
  const [oneTotal, otherTotal] = [total(one), total(other)];
  const differences = [...names].map((name) => (one.get(name) ?? 0) / oneTotal - (other.get(name) ?? 0) / otherTotal);
  return differences.reduce((sum, difference) => sum + Math.abs(difference), 0) / 2;
}

/** Who has more than half of it. Nobody, if it is the rest. */
export function mostOf(division: Division): string | undefined {
  const whole = total(division);
  const most = [...division].find(([, seconds]) => seconds > whole / 2)?.[0];
  return most === REST ? undefined : most;
}

/** Who has the largest part, the rest aside. */
export function topOf(division: Division): string | undefined {
  return [...division].filter(([name, seconds]) => name !== REST && seconds > 0).sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** All that is not one of `names` becomes the rest. */
export function only(division: Division, names: Iterable<string>): Division {
  const kept = new Set(names);
  const sums = new Map<string, number>();
  for (const [name, seconds] of division) {
    const as = kept.has(name) ? name : REST;
    sums.set(as, (sums.get(as) ?? 0) + seconds);
  }
  return sums;
}
