import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Child } from './child.ts';
import { freePort } from './port.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

const SHIPPED = join(import.meta.dirname, '../../alerts');

/** A message as Slack or PagerDuty would have got it. */
export interface Received {
  readonly at: number;
  readonly path: string;
  readonly text: string;
}

/** Stands where Slack and PagerDuty would: takes what comes, and keeps it. */
export class Inbox {
  readonly received: Received[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<Inbox> {
    const inbox: Inbox = new Inbox(
      createServer((request, reply) => {
        let text = '';
        request.setEncoding('utf8').on('data', (more) => {
          text += more;
        });
        request.on('end', () => {
          inbox.received.push({ at: Date.now(), path: request.url ?? '', text });
          reply
            .writeHead(request.url === '/slack' ? 200 : 202, { 'content-type': 'application/json' })
            .end('{"status":"success"}');
        });
      }),
    );
    await new Promise<void>((resolve) => inbox.#server.listen(0, '127.0.0.1', resolve));
    return inbox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The first message there of which all of this is true. */
  find(path: string, ...patterns: readonly RegExp[]): Received | undefined {
    return this.received.find((each) => each.path === path && patterns.every((pattern) => pattern.test(each.text)));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export interface AlertState {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

/** The real one, with the configuration that we ship: only its secrets lead to the inbox. */
export class Alertmanager {
  readonly address: string;
  readonly #child: Child;

  private constructor(child: Child, address: string) {
    this.#child = child;
    this.address = address;
  }

  static async start(inbox: Inbox): Promise<Alertmanager> {
    const folder = mkdtempSync(join(scratch, 'alertmanager-'));
    const file = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const text = readFileSync(join(SHIPPED, 'alertmanager.yaml'), 'utf8')
      .replace('/etc/alertmanager/secrets/slack-webhook-url', file('slack', `${inbox.url}/slack`))
      .replace('/etc/alertmanager/secrets/pagerduty-routing-key', file('pagerduty', 'a-routing-key'));
    const config = {
      ...(parse(text) as object),
      global: { pagerduty_url: `${inbox.url}/pagerduty` },
      templates: [join(SHIPPED, 'templates/*.tmpl')],
    };
    const address = `127.0.0.1:${await freePort()}`;
    const child = new Child('prometheus-alertmanager', [
      `--config.file=${file('alertmanager.yaml', JSON.stringify(config))}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ]);
    const manager = new Alertmanager(child, address);
    await until(() => child.hasEnded || manager.#isReady(), { what: 'the start of Alertmanager' });
    if (child.hasEnded) throw new Error(`alertmanager ended with ${await child.ended}:\n${child.log}`);
    return manager;
  }

  async alerts(): Promise<AlertState[]> {
    return (await (await fetch(`http://${this.address}/api/v2/alerts`)).json()) as AlertState[];
  }

  /** Lines of its log that are more than information. */
  complaints(): string[] {
    return this.#child.log.split('\n').filter((line) => /level=(?:warn|error)/.test(line));
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://${this.address}/-/ready`)).ok;
    } catch {
      return false; // not listening yet
    }
  }
}
