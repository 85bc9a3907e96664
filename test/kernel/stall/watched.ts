import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Cause, StallEvent } from '../../../src/core/model/stall.ts';
import { Stalls } from '../../../src/kernel/stalls.ts';
import type { BpfLink, BpfObject } from '../../../src/libbpf-ts/index.ts';
import { Cgroup } from '../../support/cgroup.ts';
import { endsWithUs } from '../../support/ends-with-us.ts';
import { until } from '../../support/until.ts';
import { openProbes } from '../probes/probes.ts';

const SECOND_NS = 1e9;

const BY_SLICES = ['on_switch', 'on_migrate'];
/** For kernels that lack what those need. */
export const BY_WAKEUP = ['on_wakeup', 'on_wakeup_new', 'on_turn'];

/** The probes on the scheduler, and the sums that they tell. */
export class Watch {
  readonly stalls: Stalls;
  readonly #object: BpfObject;
  readonly #sums = new Map<string, number>();
  #links: BpfLink[] = [];
  #at = 0;

  readonly #programs: readonly string[];

  constructor({
    blamesMax,
    programs = BY_SLICES,
  }: { readonly blamesMax?: number; readonly programs?: readonly string[] } = {}) {
    const object = openProbes({ only: programs });
    object.map('ready').capacity = 8_192;
    this.#programs = programs;
    if (blamesMax !== undefined) object.map('blames').capacity = blamesMax;
    this.#object = object.load();
    this.stalls = new Stalls({
      blames: object.map('blames'),
      cpus: object.map('cpus'),
      resource: 'cpu',
      basis: 'measured',
      emit: (event) => {
        if (event.kind === 'stall') this.#add(event);
      },
      quotaOf: (id) => id,
    });
    this.attach();
  }

  attach(): void {
    this.#links = this.#programs.map((name) => this.#object.program(name).attach());
  }

  detach(): void {
    for (const link of this.#links) link.close();
  }

  read(): void {
    this.stalls.read(++this.#at);
  }

  /** Seconds that the victim waited, by cause as the kernel side tells it, or for one owner. */
  seconds(victim: Party | undefined, owner?: Party | Exclude<Cause, 'neighbour' | 'self'> | 'other'): number {
    let ns = 0;
    for (const [key, sum] of this.#sums) {
      const [from, kind, id] = key.split(' ');
      if (victim !== undefined && from !== String(victim.id)) continue;
      if (
        owner === undefined ||
        (typeof owner === 'string' ? kind === owner : kind === 'cgroup' && id === String(owner.id))
      )
        ns += sum;
    }
    return ns / SECOND_NS;
  }

  /** The same, as of now. */
  readSeconds(victim: Party): number {
    this.read();
    return this.seconds(victim);
  }

  [Symbol.dispose](): void {
    this.#object.close();
  }

  #add({ victimId, owner, ns }: StallEvent): void {
    const key = `${victimId} ${owner.kind} ${owner.id}`;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + ns);
  }
}

/** A program in a cgroup of its own, bound to CPUs; it begins when it is told to, so that nothing is counted elsewhere. */
export class Party {
  readonly cgroup: Cgroup;
  readonly id: number;
  readonly #child: ChildProcess;

  private constructor(cgroup: Cgroup, child: ChildProcess) {
    this.cgroup = cgroup;
    this.id = statSync(cgroup.folder).ino;
    this.#child = child;
  }

  static async start(name: string, cpus: string, perl: string): Promise<Party> {
    const cgroup = new Cgroup(`culprit-${process.pid}-${name}`);
    const program = `$| = 1; print "here\\n"; <STDIN>; ${perl}`;
    const child = endsWithUs(
      spawn('taskset', ['-c', cpus, 'perl', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    await once(child.stdout, 'data');
    // A test that fails has not ended it, and does not wait for it for ever.
    for (const held of [child, child.stdin as Socket, child.stdout as Socket]) held.unref();
    writeFileSync(cgroup.procs, `${child.pid}`);
    return new Party(cgroup, child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  begin(): void {
    this.#child.stdin!.write('\n');
  }

  /** Neither runs nor waits from here on. */
  async freeze(): Promise<void> {
    this.#child.kill('SIGSTOP');
    await until(() => this.#schedstat().every(([, , , state]) => state === 'T'), { what: 'all of it stopped' });
  }

  /** Of its living threads, by the kernel's own count. */
  waited(): number {
    return this.#schedstat().reduce((sum, [, delay]) => sum + delay, 0) / SECOND_NS;
  }

  ran(): number {
    return this.#schedstat().reduce((sum, [runtime]) => sum + runtime, 0) / SECOND_NS;
  }

  /** How often the CPU was taken from it. */
  preemptions(): number {
    return Number(/^nonvoluntary_ctxt_switches:\s*(\d+)$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))![1]);
  }

  async end(): Promise<void> {
    await until(() => {
      for (const pid of readFileSync(this.cgroup.procs, 'latin1').split('\n').filter(Boolean)) kill(Number(pid));
      return this.cgroup.isEmpty();
    });
    this.cgroup.remove();
  }

  #schedstat(): [runtime: number, delay: number, slices: number, state: string][] {
    const tasks = `/proc/${this.pid}/task`;
    return readdirSync(tasks).map((tid) => {
      const [runtime, delay, slices] = readFileSync(`${tasks}/${tid}/schedstat`, 'utf8').split(' ').map(Number);
      const stat = readFileSync(`${tasks}/${tid}/stat`, 'latin1');
      return [runtime!, delay!, slices!, stat.slice(stat.lastIndexOf(')') + 2)[0]!];
    });
  }
}

/** Some that it was told to end has ended by now. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
