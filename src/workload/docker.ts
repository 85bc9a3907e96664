import { Pool } from 'undici';
import type { WorkloadNames } from '../core/model/names.ts';
import { type Labels, namesFrom } from './labels.ts';
import { linesOf } from './lines.ts';
import type { Hearing, Source } from './source.ts';
import { isContainerId, listOf, membersOf, textOf, textsOf } from './unknown.ts';

/** An engine that ignores our filter and tells everything is told no more. */
const ANSWER_BYTES_MAX = 16 << 20;
const ANSWER_MS_MAX = 10_000;
/** Ids in a path: 64 make 5 kB. */
const IDS_PER_REQUEST = 64;
/** Names are given at creation, and may be changed. */
const EVENTS = ['create', 'start', 'rename'];

/** An engine that speaks Docker's protocol on a socket: Docker itself, or Podman's service. */
export class DockerSource implements Source {
  readonly name: string;
  readonly #labels: readonly string[];
  readonly #pool: Pool;
  /** Of the last event, in seconds: what happens while we are cut off is told when we are back. */
  #heardAt = 0;

  constructor(socketPath: string, labels: readonly string[]) {
    this.name = socketPath;
    this.#labels = labels;
    // One connection for what we ask, one for what we hear.
    this.#pool = new Pool('http://localhost', {
      connect: { socketPath },
      connections: 2,
      headersTimeout: ANSWER_MS_MAX,
    });
  }

  async lookUp(containerIds: readonly string[], signal: AbortSignal): Promise<readonly WorkloadNames[]> {
    const found: WorkloadNames[] = [];
    for (let from = 0; from < containerIds.length; from += IDS_PER_REQUEST) {
      const id = containerIds.slice(from, from + IDS_PER_REQUEST);
      const answer = await this.#get('/containers/json', { all: 'true', filters: JSON.stringify({ id }) }, signal);
      found.push(...listOf(answer).flatMap((each) => this.#listed(each)));
    }
    return found;
  }

  async listen(hearing: Hearing, opened: () => void, signal: AbortSignal): Promise<boolean> {
    const filters = JSON.stringify({ type: ['container'], event: EVENTS });
    const since = this.#heardAt === 0 ? {} : { since: String(this.#heardAt) };
    const query = { filters, ...since };
    const { statusCode, body } = await this.#pool.request({
      method: 'GET',
      path: '/events',
      query,
      signal,
      bodyTimeout: 0,
    });
    body.on('error', () => {}); // it is told to who reads, below
    if (statusCode !== 200) {
      await body.dump({ limit: 1_024 });
      throw new Error(`GET /events answered ${statusCode}`);
    }
    opened();
    for await (const line of linesOf(body)) this.#hear(line, hearing);
    return true;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #get(path: string, query: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    const { statusCode, body } = await this.#pool.request({
      method: 'GET',
      path,
      query,
      signal,
      bodyTimeout: ANSWER_MS_MAX,
    });
    if (statusCode !== 200) {
      await body.dump({ limit: 1_024 });
      throw new Error(`GET ${path} answered ${statusCode}`);
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      // Leaving the loop ends the connection.
      if (length > ANSWER_BYTES_MAX) throw new Error(`GET ${path} answered more than ${ANSWER_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }

  #listed(answer: unknown): WorkloadNames[] {
    const { Id, Names, Image, Labels } = membersOf(answer);
    // A name with a slash in it is what a container that links to it calls it.
    const names = listOf(Names).map((name) => textOf(name).replace(/^\//, ''));
    const name = names.find((each) => !each.includes('/')) ?? '';
    return this.#names(textOf(Id), name, textOf(Image), textsOf(Labels));
  }

  #hear(line: string, { named }: Hearing): void {
    const { Actor, time } = membersOf(JSON.parse(line));
    const { ID, Attributes } = membersOf(Actor);
    const { name = '', image = '', ...labels } = textsOf(Attributes);
    if (typeof time === 'number' && time > this.#heardAt) this.#heardAt = Math.floor(time);
    this.#names(textOf(ID), name, image, labels).forEach(named);
  }

  #names(containerId: string, name: string, image: string, labels: Labels): WorkloadNames[] {
    if (!isContainerId(containerId) || name === '') return [];
    return [namesFrom({ containerId, name, image, labels }, this.#labels)];
  }
}
