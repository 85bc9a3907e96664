import type { Usage } from '../model/process.ts';

/**
 * Usage of processes whose reap the ring lost.
 *
 * The kernel adds up all that those used (`lost`). What we had counted of them while they were seen (`counted`) is a
 * part of it, so only the difference is new, and of that what has not been added before.
 */
export class Unseen {
  readonly #lost = noVector();
  readonly #counted = noVector();
  readonly #added = noVector();

  lose(used: Usage): void {
    add(this.#lost, used, 1);
  }

  /** The process is gone without a reap; it may still come, and is then taken `back`. */
  count(used: Usage): void {
    add(this.#counted, used, 1);
  }

  back(used: Usage): void {
    add(this.#counted, used, -1);
  }

  join(other: Unseen): void {
    for (let index = 0; index < SIZE; index++) {
      this.#lost[index]! += other.#lost[index]!;
      this.#counted[index]! += other.#counted[index]!;
      this.#added[index]! += other.#added[index]!;
    }
  }

  /** What is new since the last call; never negative. */
  take(): Usage {
    const due = noVector();
    for (let index = 0; index < SIZE; index++) {
      due[index] = Math.max(0, this.#lost[index]! - this.#counted[index]! - this.#added[index]!);
      this.#added[index]! += due[index]!;
    }
    const [runtimeNs = 0, readBytes = 0, writeBytes = 0, majorFaults = 0] = due;
    return { runtimeNs, userNs: this.#lost[4]!, systemNs: this.#lost[5]!, readBytes, writeBytes, majorFaults };
  }
}

const SIZE = 4;

/** The last two are only for the ratio. */
function noVector(): Float64Array {
  return new Float64Array(SIZE + 2);
}

function add(vector: Float64Array, used: Usage, sign: 1 | -1): void {
  vector[0]! += sign * used.runtimeNs;
  vector[1]! += sign * used.readBytes;
  vector[2]! += sign * used.writeBytes;
  vector[3]! += sign * used.majorFaults;
  vector[4]! += sign * used.userNs;
  vector[5]! += sign * used.systemNs;
}
