import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { Cgroup } from '../../test/support/cgroup.ts';
import { compile } from './compile.ts';

/** What two processes did that took turns on one CPU. */
export interface PingPong {
  readonly switches: number;
  readonly cpuUs: number;
}

const path = compile('pingpong');
const cpu = String(availableParallelism() - 1);
const [one, other] = [new Cgroup(`culprit-ping-${process.pid}`), new Cgroup(`culprit-pong-${process.pid}`)];

/** So many rounds, as fast as they can. */
export function playRounds(rounds: number): Promise<PingPong> {
  return play('rounds', String(rounds));
}

/** CPU for a context switch, pipes included. */
export function switchNs({ cpuUs, switches }: PingPong): number {
  return (cpuUs * 1_000) / switches;
}

/** In bursts, a thousand a second. */
export function playPaced(switchesPerSecond: number, forMs: number): Promise<PingPong> {
  return play('paced', String(switchesPerSecond), String(forMs));
}

async function play(...args: string[]): Promise<PingPong> {
  return JSON.parse((await promisify(execFile)(path, [cpu, one.procs, other.procs, ...args])).stdout);
}
