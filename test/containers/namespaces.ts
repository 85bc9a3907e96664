import { existsSync, readFileSync } from 'node:fs';
import { Child } from '../support/child.ts';
import { until } from '../support/until.ts';

/** What runs for the host's own engines stays out of sight. The shell adopts and reaps whoever loses its parent. */
const INIT = 'mount -t tmpfs tmpfs /run && mkdir /run/is-ours; sleep 1000000 & wait';

/**
 * A mount and a pid namespace. All that was started there ends with it, and it with us: what an engine leaves behind when it is killed,
 * such as the keepers of its containers, too.
 */
export class Namespaces {
  readonly #keeper: Child;
  readonly #init: number;

  private constructor(keeper: Child, init: number) {
    this.#keeper = keeper;
    this.#init = init;
  }

  static async create(): Promise<Namespaces> {
    const keeper = new Child('setpriv', [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      '-c',
      INIT,
    ]);
    try {
      const init = await until(() => onlyChildOf(keeper.pid), { what: 'a namespace' });
      await until(() => existsSync(`/proc/${init}/root/run/is-ours`), { what: 'a /run of its own' });
      return new Namespaces(keeper, init);
    } catch (error) {
      await keeper.stop('SIGKILL'); // it would keep the test's process alive
      throw error;
    }
  }

  /** Starts a server in there; rejects with its log when it ends at once. Its root is named, as ours may be that of a chroot. */
  async start(command: string, args: readonly string[]): Promise<Inside> {
    const target = ['--target', String(this.#init), '--mount', '--pid', '--root'];
    const child = new Child('nsenter', [...target, command, ...args]);
    const pid = await until(() => child.hasEnded || onlyChildOf(child.pid), { what: `a process of ${command}` });
    if (pid === true) throw new Error(`${command} ended with ${await child.ended}:\n${child.log}`);
    return new Inside(child, pid);
  }

  async close(): Promise<void> {
    await this.#keeper.stop('SIGKILL');
  }
}

/** A server in there: who entered, and waits for it, passes no signal on. */
export class Inside {
  readonly pid: number;
  readonly #child: Child;

  constructor(child: Child, pid: number) {
    this.#child = child;
    this.pid = pid;
  }

  get log(): string {
    return this.#child.log;
  }

  async stop(): Promise<void> {
    if (!this.#child.hasEnded) process.kill(this.pid);
    await this.#child.ended;
  }
}

function onlyChildOf(pid: number): number | undefined {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()) || undefined;
}
