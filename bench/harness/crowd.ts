import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { findCgroupMounts } from '../../src/kernel/mounts.ts';
import { endsWithUs } from '../../test/support/ends-with-us.ts';
import { compile } from './compile.ts';

const { unified = '', v1 } = findCgroupMounts('/proc');
const MOUNTS = new Set([unified, ...Object.values(v1).filter((mount) => mount !== undefined)]);

/** Many cgroups below one, in every hierarchy that has a controller for them; empty, but for short visits. */
export class Crowd {
  static readonly NAME = `culprit-crowd-${process.pid}`;

  readonly #count: number;
  #visitor: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #answers: AsyncIterator<string> | undefined;

  constructor(count: number) {
    this.#count = count;
    for (const mount of MOUNTS) {
      mkdirSync(`${mount}/${Crowd.NAME}`);
      for (let index = 0; index < count; index++) mkdirSync(`${mount}/${Crowd.NAME}/${index}`);
    }
    removeAtExit.add(this);
  }

  /** A process begins and ends in each of the first so many. */
  async visit(count: number): Promise<void> {
    this.#visitor ??= endsWithUs(
      spawn(visitorPath(), [`${unified}/${Crowd.NAME}`, String(this.#count)], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    this.#answers ??= createInterface({ input: this.#visitor.stdout })[Symbol.asyncIterator]();
    this.#visitor.stdin.write(`${count}\n`);
    if ((await this.#answers.next()).done) throw new Error('the visitor ended early');
  }

  remove(): void {
    removeAtExit.delete(this);
    this.#visitor?.stdin.end();
    for (const mount of MOUNTS) {
      for (let index = 0; index < this.#count; index++) rmdirSync(`${mount}/${Crowd.NAME}/${index}`);
      rmdirSync(`${mount}/${Crowd.NAME}`);
    }
  }
}

const removeAtExit = new Set<Crowd>();
process.on('exit', () => {
  for (const crowd of removeAtExit) crowd.remove();
});

let compiled: string | undefined;
function visitorPath(): string {
  compiled ??= compile('visit');
  return compiled;
}
