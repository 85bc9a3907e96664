import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';
import { firstWord, startsAnother } from './starters.ts';

/** Deeper than any build; a circle ends here too. */
const DEPTH_MAX = 64;

/** Many children are their trade, and that of whoever works for them. */
export const BUILDERS: readonly string[] = [
  ...['make', 'gmake', 'ninja', 'samu', 'cmake', 'ctest', 'meson', 'configure', 'scons', 'bazel', 'buck2', 'ccache'],
  ...['cargo', 'rustc', 'go', 'gradle', 'mvn', 'sbt', 'dpkg-buildpackage', 'debuild', 'rpmbuild', 'makepkg'],
  ...['apt', 'apt-get', 'aptitude', 'dpkg', 'unattended-upgr', 'dnf', 'dnf5', 'yum', 'rpm', 'zypper', 'pacman', 'apk'],
  ...['npm', 'npx', 'pnpm', 'yarn', 'pip', 'pip3', 'uv', 'gem', 'bundle', 'composer', 'conda', 'brew', 'nix-build'],
  ...['gitlab-runner', 'Runner.Worker', 'act_runner', 'buildkite-agent', 'drone-runner', 'woodpecker-agent'],
];

/** They start the jobs of others: their own children are no storm of theirs. What the jobs do is the jobs' doing. */
export const LAUNCHERS: readonly string[] = ['systemd', 'init', 'cron', 'crond', 'anacron', 'atd', 'run-parts'];

interface Known {
  startedNs: number;
  comm: string;
  exe: string;
  builds: boolean;
}

/** Whether a process's trade is to have many children, by its name and by those whom it works for. */
export class Trades {
  readonly #tree: Tree;
  #builders: ReadonlySet<string>;
  #launchers: ReadonlySet<string>;
  /** By slot: what was found out of a process itself, and of whom; asked again when it runs another program. */
  #known: Known[] = [];

  constructor(tree: Tree, builders: readonly string[] = BUILDERS, launchers: readonly string[] = LAUNCHERS) {
    this.#tree = tree;
    this.#builders = new Set(builders);
    this.#launchers = new Set(launchers);
  }

  change(builders: readonly string[] = BUILDERS, launchers: readonly string[] = LAUNCHERS): void {
    this.#builders = new Set(builders);
    this.#launchers = new Set(launchers);
    this.#known = [];
  }

  isLauncher(process: Process): boolean {
    return isOneOf(this.#launchers, process);
  }

  /** A build's daemon that outlives it works for nobody: it is asked whom it waits for, not who begat it, and that each time. */
  isBuilder(process: Process): boolean {
    let worker: Process | undefined = process;
    for (let depth = 0; worker !== undefined && depth < DEPTH_MAX; depth++) {
      if (this.#builds(worker)) return true;
      worker = this.#waiterOf(worker);
    }
    return false;
  }

  #waiterOf({ waiterPid, waiterStartedNs }: Process): Process | undefined {
    const waiter = waiterPid > 1 ? this.#tree.get(waiterPid) : undefined;
    return waiter?.startedNs === waiterStartedNs ? waiter : undefined;
  }

  #builds(process: Process): boolean {
    const { slot, startedNs, comm, exe } = process;
    const known = this.#known[slot];
    if (known !== undefined && known.startedNs === startedNs && known.comm === comm && known.exe === exe)
      return known.builds;

    const builds =
      isOneOf(this.#builders, process) && !startsAnother(process, this.#tree.argv(process), this.#builders);
    this.#remember(process, builds);
    return builds;
  }

  #remember({ slot, startedNs, comm, exe }: Process, builds: boolean): void {
    while (slot >= this.#known.length) this.#known.push({ startedNs: Number.NaN, comm: '', exe: '', builds: false });
    const known = this.#known[slot]!;
    known.startedNs = startedNs;
    known.comm = comm;
    known.exe = exe;
    known.builds = builds;
  }
}

/** `npm ci` and `pip install` call themselves so; what runs is an interpreter. */
function isOneOf(names: ReadonlySet<string>, { comm, exe }: Process): boolean {
  return names.has(exe) || names.has(comm) || names.has(firstWord(comm));
}
