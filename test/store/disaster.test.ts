import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { scratch } from '../support/scratch.ts';
import { pathOf } from '../support/store-path.ts';
import { until } from '../support/until.ts';
import { incident, opened } from './opened.ts';

const KILLS = 6;
const EVERYTHING = {
  state: undefined,
  detector: undefined,
  workload: undefined,
  sinceAt: undefined,
  before: undefined,
};

/** Opens incidents as fast as it can, and prints the id of each that it was told is written. */
const WRITER = `
  import { Store } from '${join(import.meta.dirname, '../../src/store/index.ts')}';
  import { incident } from '${join(import.meta.dirname, 'opened.ts')}';
  const [path, from] = process.argv.slice(2);
  const log = { info() {}, warn(message) { throw new Error(message); } };
  const store = await Store.open({ path, incidentsMax: 1e6, ageMsMax: 1e12, bootId: 'this', wallOffsetMs: () => 0, log });
  let next = Number(from);
  let told = next;
  for (;;) {
    const before = store.reading().written;
    for (let count = 0; count < 3; count++) store.put(incident(next++));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    told += store.reading().written - before;
    process.stdout.write(told + '\\n');
  }`;

describe('a kill at any moment', () => {
  it(`loses nothing that was written, and leaves a whole file, ${KILLS} times in a row`, async () => {
    const path = pathOf();
    const script = join(scratch, 'writer.mts');
    writeFileSync(script, WRITER);
    let told = 0;

    for (let kill = 0; kill < KILLS; kill++) {
      const writer = spawn(process.execPath, [script, path, String(told)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const enough = told + 5 + kill * 20;
      for await (const line of createInterface({ input: writer.stdout })) {
        told = Number(line);
        if (told >= enough) writer.kill('SIGKILL');
      }
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
      assert.equal(writer.signalCode, 'SIGKILL');
    }
    const { store, said } = await opened(path);
    const ids = new Set(store.find(EVERYTHING, 1e6, () => true).map(({ id }) => id));

    const missing = Array.from({ length: told }, (_, nth) => incident(nth).id).filter((id) => !ids.has(id));
    assert.deepEqual([missing, said, store.reading().damaged], [[], [], 0]);
    assert.ok(told > KILLS * 50);
  });
});

/** A file system of its own that holds so much. */
function tmpfs(t: TestContext, kibibytes: number): string {
  const folder = mkdtempSync(join(scratch, 'tmpfs-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]);
  t.after(() => execFileSync('umount', ['--lazy', folder]));
  return folder;
}

describe('a disk that is full', { skip: process.getuid!() === 0 ? false : 'it needs root, to mount a tmpfs' }, () => {
  it('throws at nobody, is told and counted, and what waited is written when there is room again', async (t) => {
    const folder = tmpfs(t, 512);
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(128 * 1_024));
    const { store, said } = await opened(join(folder, 'culprit.db'), { retryMs: 50 });

    for (let nth = 0; nth < 500; nth++) store.put(incident(nth));
    await until(() => !store.reading().isUp);
    const full = store.reading();
    const fault = store.fault();
    // It can be asked all the same.
    const found = store.find(EVERYTHING, 1, () => true);
    execFileSync('mount', ['-o', 'remount,size=64m', folder]);
    await until(() => store.reading().written === 500);

    assert.match(fault!, /^incidents are not stored: .*culprit\.db: database or disk is full$/);
    assert.ok(full.failures > 0 && full.written < 500 && found.length === 1);
    assert.deepEqual([store.reading().isUp, store.fault(), store.reading().dropped], [true, undefined, 0]);
    assert.equal(store.find(EVERYTHING, 1_000, () => true).length, 500);
    assert.deepEqual([said[0], said.at(-1)], [fault, 'incidents are stored again']);
    rmSync(ballast);
  });

  it('makes it drop what waited longest once too much waits, and count that', async (t) => {
    const folder = tmpfs(t, 128);
    const { store } = await opened(join(folder, 'culprit.db'), { retryMs: 50 });

    for (let nth = 0; nth < 10_000; nth++) store.put(incident(nth));
    await until(() => !store.reading().isUp);

    assert.equal(store.reading().dropped, 10_000 - 2_048);
  });
});
