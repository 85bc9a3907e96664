import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { endsWithUs } from '../../test/support/ends-with-us.ts';
import { compile } from './compile.ts';

/**
 * What a load truly did, by its own count and the kernel's. `childCpuUs` ends where a process was waited for: what it
 * still does on its way off the CPU, some microseconds, is told by its cgroup alone.
 */
export interface Truth {
  readonly started: number;
  readonly ok: number;
  readonly error: number;
  readonly signal: number;
  readonly childCpuUs: number;
  readonly ownCpuUs: number;
  readonly wallNs: number;
}

export interface Load {
  readonly pid: number;
  /** The next line it prints, parsed. */
  next(): Promise<Record<string, number>>;
  /** Tells a load that waits to go on. */
  goOn(): void;
  /** Ends its input, and waits for the truth. */
  end(): Promise<Truth>;
}

/** The load generator, compiled for this run. */
export const loadPath: string = compile('load');
/** A program that ends at once. */
export const nothingPath: string = compile('nothing', '-nostdlib');

export function start(...args: string[]): Load {
  return watch(endsWithUs(spawn(loadPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })));
}

/** Runs a load to its end. */
export async function run(...args: string[]): Promise<Truth> {
  return start(...args).end();
}

function watch(child: ChildProcessByStdio<Writable, Readable, null>): Load {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the load ended early: ${child.spawnargs.join(' ')}`);
    return JSON.parse(value);
  };
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? Number.NaN,
    next,
    goOn: () => void child.stdin.write('\n'),
    async end() {
      child.stdin.end();
      let truth = await next();
      while (!('wallNs' in truth)) truth = await next();
      await exited;
      return truth;
    },
  };
}
