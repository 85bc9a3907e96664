import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import './exit-on-signals.ts';

const MOUNT = existsSync('/sys/fs/cgroup/cgroup.controllers') ? '/sys/fs/cgroup' : '/sys/fs/cgroup/unified';

/** Enters by an open file, so that no path has to pass a shell. */
const ENTER = 'echo 0 >&3; exec 3>&-; exec "$@"';

/** What is killed needs a moment, and at exit nothing can be awaited. */
const [CLEAR_TURNS, CLEAR_TURN_MS] = [200, 5];

const present = new Set<Cgroup>();
process.on('exit', () => {
  for (const cgroup of [...present].toReversed()) cgroup.clear();
});

/** A cgroup of its own in the v2 hierarchy; at exit it is removed, and what a test that failed has left in it is ended. */
export class Cgroup {
  /** From the root of the hierarchy, as the kernel tells it. */
  readonly path: string;
  /** As it is spelled, where `path` can't be. */
  readonly folder: Buffer;

  /** `name` has no slash at its ends; parents are made too. A name that is no text is given as bytes. */
  constructor(name: string | Buffer) {
    this.path = `/${name.toString()}`;
    this.folder = Buffer.concat([Buffer.from(`${MOUNT}/`), Buffer.from(name)]);
    mkdirSync(this.folder, { recursive: typeof name === 'string' });
    present.add(this);
  }

  get procs(): string {
    return `${MOUNT}${this.path}/cgroup.procs`;
  }

  /**
   * Runs a command in it, to its end, with `input` as its standard input. Resolves with the exit code.
   *
   * What this alone makes of counts in the cgroup: an exec and an exit, but no fork.
   */
  async run(command: readonly string[], input: string | Buffer = ''): Promise<number> {
    const procs = openSync(Buffer.concat([this.folder, Buffer.from('/cgroup.procs')]), 'w');
    const child = spawn('sh', ['-c', ENTER, 'sh', ...command], { stdio: ['pipe', 'ignore', 'inherit', procs] });
    closeSync(procs);
    // It may end before it has read all.
    child.stdin?.on('error', () => {}).end(input);
    const [code] = await once(child, 'exit');
    return code;
  }

  /** CPU time of all that ever ran in it. The kernel counts it to the end of each process, with or without a controller. */
  usedSeconds(): number {
    const stat = readFileSync(Buffer.concat([this.folder, Buffer.from('/cpu.stat')]), 'utf8');
    return Number(/^usage_usec (\d+)$/m.exec(stat)![1]) / 1e6;
  }

  /** Ends all that lives in it, and what is begotten meanwhile. */
  kill(): void {
    writeFileSync(`${MOUNT}${this.path}/cgroup.kill`, '1');
  }

  /** Throws while something lives in it. */
  remove(): void {
    present.delete(this);
    if (existsSync(this.folder)) rmdirSync(this.folder);
  }

  /** Ends all that lives in it, and removes it once that is gone. */
  clear(): void {
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    if (existsSync(this.folder) && !this.isEmpty()) this.kill();
    for (let turn = 0; turn < CLEAR_TURNS && existsSync(this.folder) && !this.isEmpty(); turn++)
      Atomics.wait(nobody, 0, 0, CLEAR_TURN_MS);
    this.remove();
  }

  isEmpty(): boolean {
    return readFileSync(Buffer.concat([this.folder, Buffer.from('/cgroup.procs')])).length === 0;
  }
}
