import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuNs } from '../../test/support/cost.ts';
import { endsWithUs } from '../../test/support/ends-with-us.ts';
import { freePort } from '../../test/support/port.ts';
import { parseSamples, type Sample } from '../../test/support/samples.ts';
import { scratch } from '../../test/support/scratch.ts';

/** Another exporter, from the distribution's packages, to measure beside ours in the same run. */
export interface Peer {
  readonly name: string;
  scrape(): Promise<Sample[]>;
  cpuNs(): number;
  stop(): void;
}

/** With every process selected: Debian's default arguments select none. */
export async function processExporter(): Promise<Peer> {
  const config = join(scratch, 'process-exporter.yaml');
  writeFileSync(config, 'process_names:\n  - name: "{{.Comm}}"\n    cmdline: [".*"]\n');
  return serve('process-exporter', 'prometheus-process-exporter', (port) => [
    `-config.path=${config}`,
    `-web.listen-address=127.0.0.1:${port}`,
    '-threads=false',
    '-gather-smaps=false',
  ]);
}

export async function nodeExporter(): Promise<Peer> {
  return serve('node_exporter', 'prometheus-node-exporter', (port) => [
    `--web.listen-address=127.0.0.1:${port}`,
    '--collector.processes',
    '--log.level=error',
  ]);
}

async function serve(name: string, command: string, args: (port: number) => string[]): Promise<Peer> {
  const port = await freePort();
  const child = endsWithUs(spawn(command, args(port), { stdio: 'ignore' }));
  const scrape = async () => parseSamples(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  for (let tries = 0; ; tries++) {
    try {
      await scrape();
      break;
    } catch (error) {
      if (tries === 300 || child.exitCode !== null) throw new Error(`${command} does not answer`, { cause: error });
      await sleep(100);
    }
  }
  return { name, scrape, cpuNs: () => cpuNs(child.pid ?? Number.NaN), stop: () => void child.kill() };
}
