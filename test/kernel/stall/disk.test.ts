import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LAYOUT } from '../../../src/core/wire/layout.ts';
import { type BpfLink, type BpfObject, readU64 } from '../../../src/libbpf-ts/index.ts';
import { u32 } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';
import { scratch } from '../../support/scratch.ts';
import { openProbes } from '../probes/probes.ts';

const PROGRAMS = ['on_io_start', 'on_io_issue', 'on_io_done', 'on_io_complete', 'on_io_merge'];
const READ_BYTES = 4_096;
const REMEMBERED = 1_024;
const { io_device: DEVICE, io_line: LINE, io_mean: MEAN } = LAYOUT;

describe('what a read from a disk takes that nobody else uses', { skip: requirement('bpf', 'losetup', 'dd') }, () => {
  let object: BpfObject;
  let links: readonly BpfLink[];
  let disk: string;

  before(() => {
    const file = join(scratch, 'disk');
    writeFileSync(file, '');
    truncateSync(file, 16 << 20);
    disk = execFileSync('losetup', ['--find', '--show', file], { encoding: 'utf8' }).trim();
    object = openProbes({ only: PROGRAMS }).load();
    links = object.programs.filter(({ loaded }) => loaded).map((program) => program.attach());
  });
  after(() => {
    for (const link of links) link.close();
    object.close();
    execFileSync('losetup', ['--detach', disk]);
  });

  /** One after the other, past the cache. */
  function read(count: number): void {
    const size = [`bs=${READ_BYTES}`, `count=${count}`];
    execFileSync('dd', [`if=${disk}`, 'of=/dev/null', 'iflag=direct', ...size], { stdio: 'ignore' });
  }

  function learnt(): { bytes: number; ns: number; requests: number; allNs: number } {
    const { rdev } = statSync(disk);
    const value = object.map('io_devices').get(u32(((rdev >>> 8) << 20) | (rdev & 0xff)))!;
    const at = (field: keyof typeof MEAN.fields) =>
      readU64(
        new DataView(value.buffer),
        value.byteOffset + DEVICE.fields.reads + LINE.fields.small + MEAN.fields[field],
      );
    return { bytes: at('bytes'), ns: at('ns'), requests: at('requests'), allNs: at('all_ns') };
  }

  it('is the mean of all of them, while they are few', () => {
    read(200);

    const { bytes, ns, requests, allNs } = learnt();
    // One that another program's look at the new disk joined had company: on a busy host 2 of 200 were seen to.
    assert.ok(requests > 180 && requests <= REMEMBERED, `${requests} reads`);
    assert.equal(bytes, READ_BYTES);
    assert.equal(ns, Math.floor(allNs / requests));
    assert.ok(ns > 0);
  });

  it('is the mean of the last thousand, and not of a moment, when they are many', () => {
    read(2 * REMEMBERED);

    const { bytes, ns, requests, allNs } = learnt();
    assert.equal(requests, REMEMBERED);
    assert.equal(bytes, READ_BYTES);
    assert.equal(ns, Math.floor(allNs / requests));
  });
});
