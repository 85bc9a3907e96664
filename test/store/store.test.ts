import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { scratch } from '../support/scratch.ts';
import { pathOf } from '../support/store-path.ts';
import { until } from '../support/until.ts';
import { incident, opened } from './opened.ts';

const EVERYTHING = {
  state: undefined,
  detector: undefined,
  workload: undefined,
  sinceAt: undefined,
  before: undefined,
};
const all = () => true;

describe('the store', () => {
  it('gives back what the run before it wrote, to the last member', async () => {
    const path = pathOf();
    const one = incident(1, { forecast: { what: 'pids', seconds: Number.POSITIVE_INFINITY }, value: Number.NaN });
    const first = await opened(path);
    first.store.put(one);
    first.store.close();

    const { store } = await opened(path);

    assert.deepEqual(store.get(one.id), one);
    assert.deepEqual(store.left(), [{ incident: one, isOfThisBoot: true }]);
  });

  it('takes names as they are, whatever they say', async () => {
    const path = pathOf();
    const names = ['~NaN', '~~', "'; drop table incident; --", '\u0000', '\ud800', '"\\'];
    const written = names.map((name, index) => incident(index, { entity: { kind: 'process', key: name, name } }));
    const first = await opened(path);
    for (const each of written) first.store.put(each);
    first.store.close();

    const { store } = await opened(path);

    assert.deepEqual(store.find(EVERYTHING, 10, all).reverse(), written);
  });

  it('writes what an incident is when its turn comes, and keeps one row of it', async () => {
    const { store } = await opened(pathOf());
    const changing = { ...incident(1) };

    store.put(changing);
    Object.assign(changing, { state: 'resolved', resolvedAt: 9_000, peakValue: 900 });
    store.put(changing);
    await until(() => store.reading().written > 0);

    assert.equal(store.reading().written, 1);
    assert.deepEqual(store.find(EVERYTHING, 10, all), [changing]);
    assert.deepEqual(store.left(), []);
  });

  it('tells the latest first, by state, detector, workload, time and page', async () => {
    const { store } = await opened(pathOf());
    const victim = { kind: 'unit', name: 'web.service' } as const;
    store.put(incident(1));
    store.put(incident(2, { state: 'lost', resolvedAt: 60_000, victim }));
    store.put(incident(3, { state: 'resolved', resolvedAt: 60_000, detector: 'zombies' }));
    await until(() => store.reading().written === 3);
    const idsOf = (query: object, limit = 10) =>
      store.find({ ...EVERYTHING, ...query }, limit, all).map(({ id }) => Number(id.slice(-1)));

    assert.deepEqual(idsOf({}), [3, 2, 1]);
    assert.deepEqual(idsOf({}, 2), [3, 2]);
    assert.deepEqual(idsOf({ before: incident(2).id }), [1]);
    assert.deepEqual(idsOf({ state: 'lost' }), [2]);
    assert.deepEqual(idsOf({ detector: 'zombies' }), [3]);
    assert.deepEqual(idsOf({ workload: 'web.service' }), [2]);
    assert.deepEqual(idsOf({ sinceAt: incident(2).detectedAt }), [3, 2]);
  });

  it('changes no duration when the wall clock was set while nobody ran', async () => {
    const path = pathOf();
    const first = await opened(path, { wallOffsetMs: () => 1_000_000 });
    first.store.put(incident(1));
    first.store.put(incident(2, { state: 'resolved', resolvedAt: 60_000 }));
    first.store.close();

    const { store } = await opened(path, { wallOffsetMs: () => 4_600_000 });

    const [open] = store.left();
    const past = store.get(incident(2).id)!;
    assert.deepEqual(open!.incident, incident(1));
    assert.equal(past.resolvedAt - past.onsetAt, 60_000 - incident(2).onsetAt);
    assert.equal(past.resolvedAt + 4_600_000, 60_000 + 1_000_000);
  });

  it('knows another boot, whose instants say nothing, by the times of day', async () => {
    const path = pathOf();
    const first = await opened(path, { bootId: 'before', wallOffsetMs: () => 1_000_000 });
    first.store.put(incident(1));
    first.store.close();

    const { store } = await opened(path, { bootId: 'after', wallOffsetMs: () => 9_000_000 });

    const [{ incident: left, isOfThisBoot }] = store.left() as [ReturnType<typeof store.left>[number]];
    assert.equal(isOfThisBoot, false);
    assert.equal(left.onsetAt + 9_000_000, incident(1).onsetAt + 1_000_000);
  });

  it('forgets what is too much and what is too old, and never what is open', async () => {
    const { store } = await opened(pathOf(), { incidentsMax: 100, wallOffsetMs: () => Date.now() });
    for (let index = 0; index < 400; index++) store.put(incident(index, index < 10 ? {} : { state: 'resolved' }));
    await until(() => store.reading().written === 400);

    store.keep([]);
    await until(() => store.reading().incidents === 100);

    assert.equal(store.reading().pruned, 300);
    assert.equal(store.left().length, 10);
    const aged = await opened(pathOf(), { ageMsMax: 1_000, wallOffsetMs: () => Date.now() - 3_600_000 });
    aged.store.put(incident(1));
    aged.store.put(incident(2, { state: 'resolved' }));
    await until(() => aged.store.reading().written === 2);
    aged.store.keep([]);
    assert.deepEqual(aged.store.find(EVERYTHING, 10, all), [incident(1)]);
  });
});

describe('a file that is not what it should be', () => {
  for (const [how, damage] of [
    ['is no database', (path: string) => writeFileSync(path, 'x'.repeat(8_192))],
    ['was cut off', (path: string) => truncateSync(path, statSync(path).size - 4_096)],
    ['was overwritten in the middle', overwrite],
  ] as const) {
    it(`and ${how} is moved aside, said, counted, and a new one begun`, async () => {
      const path = pathOf();
      const first = await opened(path);
      for (let index = 0; index < 200; index++) first.store.put(incident(index));
      first.store.close();
      damage(path);
      const damaged = readFileSync(path);

      const { store, said } = await opened(path);
      store.put(incident(1));
      await until(() => store.reading().written === 1);

      assert.match(
        said.join('\n'),
        /culprit\.db is damaged \(.+\); it is .+culprit\.db\.corrupt now, and a new one begins/,
      );
      assert.deepEqual([store.reading().damaged, store.reading().isUp], [1, true]);
      assert.deepEqual(readFileSync(`${path}.corrupt`), damaged);
      assert.deepEqual(store.find(EVERYTHING, 10, all), [incident(1)]);
    });
  }

  it('of a newer Culprit is refused in a sentence, and left as it is', async () => {
    const path = pathOf();
    (await opened(path)).store.close();
    using database = new DatabaseSync(path);
    database.exec('pragma user_version = 7');
    database.close();
    const before = readFileSync(path);

    await assert.rejects(opened(path), {
      name: 'StoreError',
      message:
        'was written by a newer Culprit (its schema is 7, this one knows 2); upgrade, or give another store.path',
    });
    assert.deepEqual(readFileSync(path), before);
    assert.equal(existsSync(`${path}.corrupt`), false);
  });

  it('of another program is refused, and left as it is', async () => {
    const path = pathOf();
    mkdirSync(join(path, '..'), { recursive: true });
    using database = new DatabaseSync(path);
    database.exec('create table mine (a)');
    database.close();
    const before = readFileSync(path);

    await assert.rejects(opened(path), { message: 'is a database of another program; give another store.path' });
    assert.deepEqual(readFileSync(path), before);
  });

  it('that another Culprit has open is refused, so that no incident is resumed twice', async () => {
    const path = pathOf();
    await opened(path);

    await assert.rejects(opened(path), { message: 'is in use by another Culprit; give each its own store.path' });
  });

  it('in a folder that cannot be made is refused', async () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');

    await assert.rejects(opened(join(file, 'culprit.db')), { name: 'StoreError', message: /^cannot be opened: E/ });
  });
});

function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  for (let page = 1; page < statSync(path).size / 4_096; page++)
    writeSync(file, Buffer.alloc(512, 0xa5), 0, 512, page * 4_096);
  closeSync(file);
}
