import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Child } from './child.ts';
import { freePort } from './port.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds of Unix time, and the value. */
  readonly value: readonly [number, string];
}

export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

/** The real one, that scrapes each job once a second and forgets all when it is stopped. */
export class Prometheus {
  readonly #child: Child;
  readonly #url: string;

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.#url = url;
  }

  /** `targets` is `host:port` by the name of the job. */
  static start(targets: Readonly<Record<string, string>>): Promise<Prometheus> {
    const jobs = Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      scrape_interval: '1s',
      static_configs: [{ targets: [target] }],
    }));
    return Prometheus.#run({ scrape_configs: jobs });
  }

  /** With the configuration and the rules that we ship: only its targets are ours. */
  static startAsShipped(target: string, alertmanager: string): Promise<Prometheus> {
    const text = readFileSync(join(ROOT, 'deploy/prometheus.yml'), 'utf8')
      .replace('localhost:9464', target)
      .replace('localhost:9093', alertmanager)
      .replace('/etc/prometheus/culprit/rules', join(ROOT, 'alerts/rules'));
    return Prometheus.#run(parse(text));
  }

  static async #run(configuration: object): Promise<Prometheus> {
    const folder = mkdtempSync(join(scratch, 'prometheus-'));
    const config = join(folder, 'prometheus.yml');
    // YAML takes JSON.
    writeFileSync(config, JSON.stringify(configuration));
    const address = `127.0.0.1:${await freePort()}`;
    const child = new Child('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--enable-feature=exemplar-storage',
    ]);
    const url = `http://${address}`;
    await until(() => child.hasEnded || answers(`${url}/-/ready`), { what: 'the start of Prometheus' });
    if (child.hasEnded) throw new Error(`prometheus ended with ${await child.ended}:\n${child.log}`);
    return new Prometheus(child, url);
  }

  /** An instant query, at `time` in seconds of Unix time or now. */
  async query(query: string, time?: number): Promise<Series[]> {
    const { result } = await this.#get<{ result: Series[] }>('query', { query, ...(time && { time: String(time) }) });
    return result;
  }

  /** A range query, over seconds of Unix time. */
  async range(query: string, start: number, end: number, step: number): Promise<RangeSeries[]> {
    const times = { start: String(start), end: String(end), step: String(step) };
    const { result } = await this.#get<{ result: RangeSeries[] }>('query_range', { query, ...times });
    return result;
  }

  /** Every sample of a selector in the last five minutes. */
  async samples(selector: string): Promise<RangeSeries[]> {
    const { result } = await this.#get<{ result: RangeSeries[] }>('query', { query: `${selector}[5m]` });
    return result;
  }

  /** Those of the last five minutes. */
  exemplars(query: string): Promise<ExemplarSeries[]> {
    const now = Date.now() / 1000;
    return this.#get('query_exemplars', { query, start: String(now - 300), end: String(now + 1) });
  }

  /** Lines of its log that are more than information. */
  complaints(): string[] {
    return this.#child.log.split('\n').filter((line) => /level=(?:warn|error)/.test(line));
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  async #get<Data>(path: string, parameters: Record<string, string>): Promise<Data> {
    const reply = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = (await reply.json()) as { data: Data; error?: string };
    if (!reply.ok) throw new Error(`${path} ${parameters.query}: ${error}`);
    return data;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // not listening yet
  }
}
