import { setTimeout as sleep } from 'node:timers/promises';

import { STALL_RESOURCES } from '../core/model/stall.ts';
import { askBlame, type BlameAnswer, Refused } from './blame-answer.ts';
import { blameText } from './blame-table.ts';
import type { Command, OwnFlag } from './command.ts';
import { type FlagValues, readFlags } from './own-flags.ts';
import { painter, widthOf } from './paint.ts';
import { EXIT, type Shell } from './shell.ts';
import { misused } from './usage.ts';

const DEFAULT_URL = 'http://127.0.0.1:9464';
const EVERY_MS = 2_000;

const FLAGS: readonly OwnFlag[] = [
  { name: 'watch', summary: 'Ask again each 2 s, until interrupted.' },
  { name: 'window', value: 'DURATION', summary: 'How far to look back, 2s to 60s. Default: 30s.' },
  { name: 'victim', value: 'NAME', summary: 'Only who waited under this name, however little.' },
  { name: 'offender', value: 'NAME', summary: 'Only what waited behind this name, however little.' },
  { name: 'resource', value: 'RESOURCE', choices: STALL_RESOURCES, summary: 'Only waits for cpu, memory or io.' },
  {
    name: 'by',
    value: 'KIND',
    choices: ['workload', 'pod'],
    summary: 'workload or pod: with pod, containers of one Kubernetes pod are one. Default: workload.',
  },
  { name: 'url', value: 'URL', summary: `Where an exporter answers. Default: ${DEFAULT_URL}.` },
];

const PARAMETERS = ['window', 'victim', 'offender', 'resource', 'by'];

export const blame: Command = {
  name: 'blame',
  summary: 'Say who made whom wait, and behind which process',
  details:
    'Asks a running exporter. TIME is in task-seconds: two tasks that wait for a second make two. SHARE is of all that the victim waited. EXCESS is the part of its CPU that the offender used above its fair share by weight; "?" where weights are not known. A cause with "~" is inferred, not measured. What was not seen is charged to nobody.',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS);
    if ('problem' in read) return misused(read.problem, 'blame', shell.stderr);
    const { url = DEFAULT_URL, watch } = read.values;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      return misused(`--url: expected a URL such as ${DEFAULT_URL}; got ${JSON.stringify(url)}`, 'blame', shell.stderr);

    const inquiry = new Inquiry(shell, read.values, new URL(url), wantsJson);
    try {
      return watch === undefined ? await inquiry.once() : await inquiry.watch();
    } catch (error) {
      if (error instanceof Refused) return misused(error.message, 'blame', shell.stderr);
      throw error;
    }
  },
};

class Inquiry {
  readonly #shell: Shell;
  readonly #url: URL;
  readonly #query: URLSearchParams;
  readonly #showsAll: boolean;
  readonly #wantsJson: boolean;

  constructor(shell: Shell, values: FlagValues, url: URL, wantsJson: boolean) {
    this.#shell = shell;
    this.#url = url;
    this.#wantsJson = wantsJson;
    this.#showsAll = values.victim !== undefined || values.offender !== undefined;
    this.#query = new URLSearchParams();
    for (const name of PARAMETERS) if (values[name] !== undefined) this.#query.set(name, values[name]);
  }

  async once(): Promise<number> {
    const answer = await this.#ask();
    this.#shell.stdout.write(this.#wantsJson ? `${JSON.stringify(answer, null, 2)}\n` : this.#text(answer));
    return EXIT.ok;
  }

  /** An exporter that does not answer at first is a failure; one that stops to is waited for. */
  async watch(): Promise<number> {
    const { stdout } = this.#shell;
    const stopping = this.#shell.stopping();
    let shown = this.#page(await this.#ask(stopping));
    const isScreen = stdout.isTTY === true && !this.#wantsJson;

    if (isScreen) stdout.write(SCREEN.enter);
    try {
      while (!stopping.aborted) {
        stdout.write(isScreen ? SCREEN.show(shown, stdout.rows) : shown);
        await sleep(EVERY_MS, undefined, { signal: stopping }).catch(() => {});
        if (!stopping.aborted) shown = await this.#askAgain(stopping);
      }
    } finally {
      if (isScreen) stdout.write(SCREEN.leave);
    }
    return EXIT.ok;
  }

  async #askAgain(stopping: AbortSignal): Promise<string> {
    try {
      return this.#page(await this.#ask(stopping));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#wantsJson) return `${JSON.stringify({ error: reason })}\n`;
      return `${reason}\n`;
    }
  }

  #ask(stopping = new AbortController().signal): Promise<BlameAnswer> {
    return askBlame(this.#url, this.#query, stopping);
  }

  /** One of many: an object a line, for programs. */
  #page(answer: BlameAnswer): string {
    return this.#wantsJson ? `${JSON.stringify(answer)}\n` : `${this.#text(answer)}\n`;
  }

  #text(answer: BlameAnswer): string {
    const { stdout, env } = this.#shell;
    const width = widthOf(stdout);
    const tableWidth = stdout.isTTY === true ? width : Number.POSITIVE_INFINITY;
    return blameText(answer, { paint: painter(stdout, env), width, tableWidth, showsAll: this.#showsAll });
  }
}

/** The alternate screen of a terminal, so that what was there comes back. */
const SCREEN = {
  enter: '\x1b[?1049h\x1b[?25l',
  leave: '\x1b[?25h\x1b[?1049l',
  /** Over what was there, line by line: clearing first would flicker. */
  show(text: string, rows = 24): string {
    const lines = text
      .trimEnd()
      .split('\n')
      .slice(0, rows - 1);
    return `\x1b[H${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`;
  },
};
