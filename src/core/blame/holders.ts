import type { Process, ProcessId } from '../model/process.ts';
import type { Holder } from '../model/stall.ts';
import type { Instant, StartedNs } from '../model/units.ts';
import { WINDOW_MS_MAX, Window } from './window.ts';

/** More than the kernel tells at a time, so that a newcomer does not push out who was heavy half a minute ago. */
const HOLDERS_MAX = 8;

/** What a person knows it by. Empty while nobody told. */
export interface HolderNames {
  readonly comm: string;
  readonly exe: string;
}

/** The names of a process, for it may be another's object by the time somebody asks. */
export type NamedHolder = Holder & HolderNames;

interface Held extends HolderNames {
  comm: string;
  exe: string;
  startedNs: StartedNs;
  window: Window;
}

/** The heaviest processes of an offender over the last minute, by the names that they had. */
export class Holders {
  readonly #held = new Map<number, Held>();

  /** `process` is who has the pid, as far as that is known by now. */
  add(at: Instant, { pid, ns }: Holder, process?: Process): void {
    let held = this.#held.get(pid);
    if (held === undefined) {
      if (this.#held.size >= HOLDERS_MAX) this.#dropLightest(at);
      held = { comm: '', exe: '', startedNs: Number.NaN, window: new Window() };
      this.#held.set(pid, held);
    }
    if (process !== undefined) know(held, process);
    held.window.add(at, ns);
  }

  /** Whoever held for `other` held for us. */
  join(other: Holders, at: Instant): void {
    for (const [pid, { comm, exe, startedNs, window }] of other.#held) {
      const known = this.#held.get(pid);
      if (known !== undefined) known.window.join(window, at);
      else this.#held.set(pid, { comm, exe, startedNs, window });
    }
    while (this.#held.size > HOLDERS_MAX) this.#dropLightest(at);
  }

  /** Heaviest first. */
  list(at: Instant, windowMs: number): NamedHolder[] {
    return [...this.#held]
      .map(([pid, { comm, exe, window }]) => ({ pid, comm, exe, ns: window.sum(at, windowMs) }))
      .filter(({ ns }) => ns > 0)
      .sort((one, other) => other.ns - one.ns);
  }

  /** Those whose identity is known, in no order. */
  *identified(at: Instant, windowMs: number): Generator<ProcessId & Pick<Holder, 'ns'>> {
    for (const [pid, { startedNs, window }] of this.#held)
      if (!Number.isNaN(startedNs)) yield { pid, startedNs, ns: window.sum(at, windowMs) };
  }

  #dropLightest(at: Instant): void {
    let lightest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [pid, { window }] of this.#held) {
      const ns = window.sum(at, WINDOW_MS_MAX);
      if (ns >= least) continue;
      least = ns;
      lightest = pid;
    }
    this.#held.delete(lightest);
  }
}

function know(held: Held, { startedNs, comm, exe }: Process): void {
  // The pid is another's now, and what the one before held is not on its account.
  if (held.startedNs !== startedNs && !Number.isNaN(held.startedNs)) held.window = new Window();
  held.startedNs = startedNs;
  held.comm = comm;
  held.exe = exe;
}
