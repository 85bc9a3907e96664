import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkloadNamedEvent } from '../../src/core/model/event.ts';
import type { WorkloadNames } from '../../src/core/model/names.ts';
import { Namer } from '../../src/workload/namer.ts';
import type { Hearing, Source } from '../../src/workload/source.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';

const ID = '4f0c3a1b2d5e'.padEnd(64, '0');
const STRANGER = '77aa77aa77aa'.padEnd(64, '0');
const NOTHING = { image: '', engine: '', podUid: '', pod: '', namespace: '', ownerKind: '', ownerName: '', labels: [] };
const now = () => performance.now();

function names(containerId: string, container: string): WorkloadNames {
  return { ...NOTHING, containerId, container };
}

/** Knows what it is given, tells what it is told to tell, and remembers what it was asked. */
class Engine implements Source {
  readonly name = '/run/engine.sock';
  readonly known = new Map<string, string>();
  readonly asked: string[] = [];
  hearing: Hearing | undefined;
  hasEvents = false;
  isAway = false;
  refusesToTell = false;

  async lookUp(ids: readonly string[]): Promise<readonly WorkloadNames[]> {
    this.asked.push(...ids);
    if (this.isAway) throw new Error('connect ECONNREFUSED\nand more');
    return ids.filter((id) => this.known.has(id)).map((id) => names(id, this.known.get(id)!));
  }

  async listen(hearing: Hearing, opened: () => void, signal: AbortSignal): Promise<boolean> {
    if (this.refusesToTell) throw new Error('GET /events answered 403');
    if (!this.hasEvents) return false;
    this.hearing = hearing;
    opened();
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return true;
  }

  async close(): Promise<void> {}
}

async function naming(engine: Engine, isThere = () => true) {
  const told: WorkloadNamedEvent[] = [];
  const find = async (known: ReadonlySet<string>) => (isThere() && !known.has(engine.name) ? [engine] : []);
  const namer = new Namer({ find, emit: (event) => told.push(event), now });
  await namer.start();
  const meet = (id: string, kind: 'cgroup-made' | 'cgroup-removed' = 'cgroup-made') =>
    namer.observe({ kind, at: now(), cgroupId: 7, path: `/system.slice/docker-${id}.scope` });
  return { namer, told, meet, told1: () => until(() => told.length > 0 && told) };
}

describe('the name of a container', () => {
  it('is asked for when its cgroup is met, once', async () => {
    const engine = new Engine();
    engine.known.set(ID, 'resizer');
    const { namer, meet, told1 } = await naming(engine);

    meet(ID);
    meet(ID);
    const [event] = await told1();
    meet(ID);
    await namer.close();

    assert.deepEqual([event?.kind, event?.container, engine.asked], ['workload-named', 'resizer', [ID]]);
  });

  it('is not asked for where it was told already', async () => {
    const engine = new Engine();
    engine.hasEvents = true;
    const { namer, meet, told } = await naming(engine);
    engine.hearing!.named(names(ID, 'resizer'));

    meet(ID);
    await namer.close();

    assert.deepEqual([told.length, engine.asked, namer.reading().unnamed], [1, [], 0]);
  });

  it('is asked for at once when its engine tells that there is something', async () => {
    const engine = new Engine();
    engine.hasEvents = true;
    engine.known.set(ID, 'resizer');
    const { namer, told1 } = await naming(engine);

    engine.hearing!.heard(ID);
    const [event] = await told1();
    await namer.close();

    assert.equal(event?.container, 'resizer');
  });

  it('comes when the engine comes back, though nobody knew it before', async () => {
    const engine = new Engine();
    engine.isAway = true;
    const { namer, meet, told1 } = await naming(engine);
    meet(ID);
    await until(() => namer.reading().sources[0]?.success === false);
    assert.equal(namer.reading().sources[0]?.reason, 'connect ECONNREFUSED');

    engine.isAway = false;
    engine.known.set(ID, 'resizer');
    const [event] = await told1();
    await namer.close();

    assert.equal(event?.container, 'resizer');
    assert.equal(namer.reading().sources[0]?.success, true);
  });

  it('comes from an engine that answers us and refuses to tell us of events', async () => {
    const engine = new Engine();
    engine.refusesToTell = true;
    engine.known.set(ID, 'resizer');
    const { namer, meet, told } = await naming(engine);

    meet(ID);
    await until(() => told.length > 0, { what: 'a name', withinMs: AT_ONCE_MS });
    await namer.close();

    assert.deepEqual(engine.asked, [ID]);
    assert.deepEqual(namer.reading().sources, [
      {
        source: engine.name,
        success: true,
        reason: 'GET /events answered 403',
        listens: false,
        requests: { ok: 1, error: 0 },
        names: 1,
      },
    ]);
  });

  it('does not wait until it is time to ask again for one that nobody knows', async () => {
    const engine = new Engine();
    engine.known.set(ID, 'resizer');
    const { namer, meet, told } = await naming(engine);
    meet(STRANGER);
    // It is asked for once more ten seconds later.
    await until(() => engine.asked.length === 3);

    meet(ID);
    await until(() => told.length > 0, { what: 'a name', withinMs: AT_ONCE_MS });
    await namer.close();

    assert.deepEqual(engine.asked, [STRANGER, STRANGER, STRANGER, ID]);
  });

  it('comes from an engine that was not there when we started', async () => {
    const engine = new Engine();
    engine.known.set(ID, 'resizer');
    let isThere = false;
    const { namer, meet, told1 } = await naming(engine, () => isThere);
    meet(ID);

    isThere = true;
    const [event] = await told1();
    await namer.close();

    assert.equal(event?.container, 'resizer');
  });
});

describe('who names containers', () => {
  it('is not asked about units, nor about a host without containers', async () => {
    const engine = new Engine();
    const { namer } = await naming(engine);

    namer.observe({ kind: 'cgroup-made', at: now(), cgroupId: 7, path: '/system.slice/nginx.service' });
    await namer.close();

    assert.deepEqual([engine.asked, namer.reading().unnamed], [[], 0]);
  });
});
