import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { Cgroup } from './cgroup.ts';

const V1 = '/sys/fs/cgroup/memory';
const V2_CONTROL = '/sys/fs/cgroup/cgroup.subtree_control';

export const hasMemoryController: boolean = existsSync(V2_CONTROL) || existsSync(`${V1}/memory.limit_in_bytes`);

/** A cgroup with a memory limit; on hybrid hosts the limit is that of a v1 cgroup with the same path. */
export class LimitedCgroup extends Cgroup {
  readonly #folder: string;
  readonly #isV1: boolean;

  constructor(name: string, limitBytes: number) {
    super(name);
    this.#isV1 = !existsSync(V2_CONTROL);
    this.#folder = this.#isV1 ? `${V1}${this.path}` : this.folder.toString();
    if (this.#isV1) mkdirSync(this.#folder, { recursive: true });
    else writeFileSync(V2_CONTROL, '+memory');
    writeFileSync(`${this.#folder}/${this.#isV1 ? 'memory.limit_in_bytes' : 'memory.max'}`, String(limitBytes));
  }

  override run(command: readonly string[], input: string | Buffer = ''): Promise<number> {
    const enter = 'echo 0 > "$0"; exec "$@"';
    return super.run(['sh', '-c', enter, `${this.#folder}/cgroup.procs`, ...command], input);
  }

  /** What can't be given back, of all that live in it. */
  anonymousBytes(): number {
    const stat = readFileSync(`${this.#folder}/memory.stat`, 'utf8');
    return Number((this.#isV1 ? /^total_rss (\d+)$/m : /^anon (\d+)$/m).exec(stat)?.[1]);
  }

  override remove(): void {
    super.remove();
    if (this.#isV1 && existsSync(this.#folder)) rmdirSync(this.#folder);
  }
}
