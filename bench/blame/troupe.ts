import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { scratch } from '../../test/support/scratch.ts';
import { until } from '../../test/support/until.ts';
import { resolvePaths } from './devices.ts';
import type { Role } from './scenario.ts';
import { isAsleep, type Process, processesOf, runDelaySeconds, standsStill } from './tasks.ts';

export interface Deeds {
  readonly operations: number;
  readonly operationNs: number;
  /** Run delay of children that are no more. */
  readonly endedDelayNs: number;
}

const program = compile();

/** The processes of some roles: asleep, then woken at once, then stopped at once. */
export class Troupe {
  readonly roles: readonly Role[];
  pids: readonly number[] = [];
  readonly #child;
  readonly #lines;

  private constructor(roles: readonly Role[]) {
    this.roles = roles;
    this.#child = spawn(program, roles.map(words), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Resolves when all sleep. */
  static async gather(roles: readonly Role[]): Promise<Troupe> {
    const troupe = new Troupe(roles);
    troupe.pids = await troupe.#next<number[]>();
    await until(() => troupe.pids.every(isAsleep), { what: 'that the loads are ready' });
    return troupe;
  }

  /** In one wake-up of the kernel. */
  go(): void {
    this.#child.stdin.write('\n');
  }

  /** Resolves when none of them can run any more. */
  async stop(): Promise<void> {
    process.kill(-this.#group, 'SIGSTOP');
    await until(() => this.#processes().every(standsStill), { what: 'that the loads stand' });
  }

  /** After a stop. */
  goOn(): void {
    process.kill(-this.#group, 'SIGCONT');
  }

  async deeds(): Promise<Deeds[]> {
    this.#child.stdin.write('\n');
    return this.#next();
  }

  /** Of each role, its children and those that ended, while they stand still; not before they were woken. */
  async runDelays(): Promise<number[]> {
    const processes = this.#processes();
    const deeds = await this.deeds();
    return this.pids.map((pid, index) => {
      const own = processes.filter((process) => process.pid === pid || process.parentPid === pid);
      return own.reduce((sum, { pid }) => sum + runDelaySeconds(pid), deeds[index]!.endedDelayNs / 1e9);
    });
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    await until(() => this.#processes().every(({ state }) => state === 'Z'), { what: 'the end of the loads' });
  }

  get #group(): number {
    return this.pids[0]!;
  }

  #processes(): Process[] {
    return processesOf(this.#group);
  }

  async #next<Line>(): Promise<Line> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the loads ended early: ${this.#child.spawnargs.join(' ')}`);
    return JSON.parse(value);
  }
}

function words({ load, cpu = 1, isRealtime }: Role): string {
  return `${resolvePaths(load)},cpu=${cpu === 'any' ? -1 : cpu}${isRealtime ? ',fifo=1' : ''}`;
}

function compile(): string {
  const path = join(scratch, 'stall');
  const sources = ['stall', 'stall-cpu', 'stall-io'].map((name) => join(import.meta.dirname, `../load/${name}.c`));
  execFileSync('clang', ['-O2', '-static', '-pthread', '-o', path, ...sources]);
  return path;
}
