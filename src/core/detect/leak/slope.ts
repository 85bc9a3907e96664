import { BUCKETS } from './floors.ts';

const PAIRS = (BUCKETS * (BUCKETS - 1)) / 2;
/** Of one call only; shared by all series, so that none allocates. */
const slopes = new Float64Array(PAIRS);
let pairs = 0;

/** Theil-Sen: the median of the slopes between all pairs of points `from` to before `to`, one step apart. */
export function medianSlope(values: Float64Array, from: number, to: number): number {
  collect(values, from, to);
  return quantile(0.5);
}

/** Of the pairs that `medianSlope` looked at last. */
export function quantile(share: number): number {
  return select(Math.floor(share * (pairs - 1)));
}

function collect(values: Float64Array, from: number, to: number): void {
  pairs = 0;
  for (let later = from + 1; later < to; later++) {
    for (let earlier = from; earlier < later; earlier++) {
      slopes[pairs++] = (values[later]! - values[earlier]!) / (later - earlier);
    }
  }
}

/** Hoare's quickselect: the one that would be at `rank` if they were sorted. */
function select(rank: number): number {
  let low = 0;
  let high = pairs - 1;
  while (low < high) {
    const pivot = slopes[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (slopes[left]! < pivot) left++;
      while (slopes[right]! > pivot) right--;
      if (left > right) break;
      const swapped = slopes[left]!;
      slopes[left++] = slopes[right]!;
      slopes[right--] = swapped;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return slopes[rank]!;
}
