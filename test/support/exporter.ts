import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child, type End } from './child.ts';
import { cpuNs, probeRunNs } from './cost.ts';
import { isGuest } from './guest.ts';
import { freePort } from './port.ts';
import { parseSamples, type Sample } from './samples.ts';
import { scratch } from './scratch.ts';

/** The bundle, as users run it. */
export const BUNDLE: string = join(import.meta.dirname, '../../dist/culprit');

const READY_WITHIN_MS = isGuest ? 120_000 : 60_000;

export interface Circumstances {
  readonly env?: NodeJS.ProcessEnv;
  /** What runs it, such as `setpriv` with its options, the bundle among the last words: default the bundle itself. */
  readonly command?: readonly [string, ...string[]];
  /** What `/-/ready` answers when the start is done: default 200. */
  readonly ready?: number;
}

/** A running Culprit, as a user runs it. */
export class Exporter {
  readonly pid: number;
  readonly url: string;
  /** From spawn to the first good scrape. */
  readonly startMs: number;
  readonly configFile: string;
  readonly #child: Child;

  private constructor(child: Child, url: string, configFile: string, startMs: number) {
    this.#child = child;
    this.pid = child.pid;
    this.url = url;
    this.configFile = configFile;
    this.startMs = startMs;
  }

  /** `config` is YAML, without `listen`. Throws with its log when it is not ready in time. */
  static async start(config = '', { env, command = [BUNDLE], ready = 200 }: Circumstances = {}): Promise<Exporter> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const file = join(scratch, `culprit-${port}.yaml`);
    writeConfig(file, url, config);
    const from = performance.now();
    const [program, ...args] = command;
    const child = new Child(program, [...args, 'run', '--config', file], { env: { ...neutralEnv(), ...env } });
    for (;;) {
      if (child.hasEnded) throw new Error(`culprit ended with ${await child.ended}:\n${child.log}`);
      if (await isUp(url, ready)) return new Exporter(child, url, file, performance.now() - from);
      if (performance.now() - from > READY_WITHIN_MS) {
        await child.stop('SIGKILL');
        throw new Error(`culprit does not answer:\n${child.log}`);
      }
      await sleep(10);
    }
  }

  /** Writes another configuration; nobody is told of it. */
  configure(config: string): void {
    writeConfig(this.configFile, this.url, config);
  }

  async scrape(): Promise<Sample[]> {
    return parseSamples(await this.page());
  }

  async page(headers: Record<string, string> = {}): Promise<string> {
    const reply = await fetch(`${this.url}/metrics`, { headers });
    if (!reply.ok) throw new Error(`scrape answered ${reply.status}: ${await reply.text()}`);
    return reply.text();
  }

  /** What a route answers in JSON, whatever its status. */
  async json(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
    return (await (await fetch(this.url + path, init)).json()) as Record<string, unknown>;
  }

  /** Scrapes until the claim holds; the last scrape is returned even if it never did, for the bars to judge. */
  async settle(claim: (samples: Sample[]) => boolean, withinMs = 60_000): Promise<Sample[]> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const samples = await this.scrape();
      if (claim(samples) || performance.now() > deadline) return samples;
      await sleep(100);
    }
  }

  cpuNs(): number {
    return cpuNs(this.pid);
  }

  /** Nanoseconds that its probes ran, by the kernel's own statistics, while somebody has them on. */
  bpfNs(): number {
    return probeRunNs(this.pid);
  }

  /** The log so far: an object a line. */
  logged(): { level: number; msg: string }[] {
    const whole = this.#child.log.slice(0, this.#child.log.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.signal(signal);
  }

  /** Resolves with the exit code, or the signal that ended it. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<End> {
    return this.#child.stop(signal);
  }
}

/** Without what would configure a Culprit. */
export function neutralEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:CULPRIT|OTEL)_/.test(name)));
}

function writeConfig(file: string, url: string, config: string): void {
  // Not the host's own, nor another exporter's.
  const store = /^store:/m.test(config) ? '' : `store: {path: ${file}.db}\n`;
  writeFileSync(file, `listen: ${url.slice('http://'.length)}\n${config}\n${store}`);
}

async function isUp(url: string, ready: number): Promise<boolean> {
  try {
    if ((await fetch(`${url}/-/ready`)).status !== ready) return false;
    return (await (await fetch(`${url}/metrics`)).text()).includes('culprit_build_info');
  } catch {
    return false; // not listening yet
  }
}
