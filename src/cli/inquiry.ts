import { setTimeout as sleep } from 'node:timers/promises';

import { ask, Refused } from './ask.ts';
import type { OwnFlag } from './command.ts';
import type { FlagValues } from './own-flags.ts';
import { EXIT, type Shell } from './shell.ts';
import { type Look, lookOf } from './table.ts';
import { misused } from './usage.ts';

const DEFAULT_URL = 'http://127.0.0.1:9464';
const EVERY_MS = 2_000;

/** Of every command that asks a running exporter. */
export const WATCH_FLAG: OwnFlag = { name: 'watch', summary: 'Ask again each 2 s, until interrupted.' };
export const URL_FLAG: OwnFlag = {
  name: 'url',
  value: 'URL',
  summary: `Where an exporter answers. Default: ${DEFAULT_URL}.`,
};

/** What a command asks of an exporter, and how it shows the answer. */
export interface Question<Answer> {
  readonly command: string;
  /** Without a slash before it. */
  readonly path: string;
  /** Flags that are handed on as they are. */
  readonly parameters: readonly string[];
  /** What every answer has. */
  readonly member: keyof Answer & string;
  readonly text: (answer: Answer, look: Look) => string;
  /** Instead of 0, of one answer. */
  readonly code?: (answer: Answer) => number;
}

/** Where the exporter answers; undefined, and told, where the flag is none that can be. */
export function exporterAt({ url = DEFAULT_URL }: FlagValues, command: string, { stderr }: Shell): URL | undefined {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  misused(`--url: expected a URL such as ${DEFAULT_URL}; got ${JSON.stringify(url)}`, command, stderr);
  return undefined;
}

/** Asks once, or again and again; resolves with the exit code. */
export async function inquire<Answer extends object>(
  question: Question<Answer>,
  values: FlagValues,
  wantsJson: boolean,
  shell: Shell,
): Promise<number> {
  const { command } = question;
  const url = exporterAt(values, command, shell);
  if (url === undefined) return EXIT.usage;

  const inquiry = new Inquiry(question, values, url, wantsJson, shell);
  try {
    return values.watch === undefined ? await inquiry.once() : await inquiry.watch();
  } catch (error) {
    if (error instanceof Refused) return misused(error.message, command, shell.stderr);
    throw error;
  }
}

class Inquiry<Answer extends object> {
  readonly #question: Question<Answer>;
  readonly #shell: Shell;
  readonly #url: URL;
  readonly #query: URLSearchParams;
  readonly #wantsJson: boolean;

  constructor(question: Question<Answer>, values: FlagValues, url: URL, wantsJson: boolean, shell: Shell) {
    this.#question = question;
    this.#shell = shell;
    this.#url = url;
    this.#wantsJson = wantsJson;
    this.#query = new URLSearchParams();
    for (const name of question.parameters) if (values[name] !== undefined) this.#query.set(name, values[name]);
  }

  async once(): Promise<number> {
    const answer = await this.#ask();
    this.#shell.stdout.write(this.#wantsJson ? `${JSON.stringify(answer, null, 2)}\n` : this.#text(answer));
    return this.#question.code?.(answer) ?? EXIT.ok;
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

  #ask(stopping = new AbortController().signal): Promise<Answer> {
    const { path, member } = this.#question;
    return ask<Answer>(this.#url, path, this.#query, member, stopping);
  }

  /** One of many: an object a line, for programs. */
  #page(answer: Answer): string {
    return this.#wantsJson ? `${JSON.stringify(answer)}\n` : `${this.#text(answer)}\n`;
  }

  #text(answer: Answer): string {
    return this.#question.text(answer, lookOf(this.#shell));
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
