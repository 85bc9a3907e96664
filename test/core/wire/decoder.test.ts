import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Event } from '../../../src/core/model/event.ts';
import { Decoder, decodeSamples } from '../../../src/core/wire/decoder.ts';
import { LAYOUT } from '../../../src/core/wire/layout.ts';
import { type RecordEvent, sizeOfEvent, toBytes } from '../support/records.ts';

const USED = { runtimeNs: 2 ** 40, userNs: 1, systemNs: 2, readBytes: 3, writeBytes: 4, majorFaults: 5 };
const OF = { at: 12_345.5, pid: 4_194_304, startedNs: 2 ** 41 + 1, cgroupId: 4_831 };
const SAMPLE = {
  kind: 'process-sample',
  ...OF,
  parentPid: 1,
  parentStartedNs: 7,
  uid: 1_000,
  comm: 'nginx',
  exe: 'nginx',
  isKernelThread: false,
  state: 'uninterruptible',
  used: USED,
  leaderRuntimeNs: 2 ** 39,
  anonymousBytes: 4_096,
  fileBytes: 8_192,
  sharedBytes: 12_288,
  swapBytes: 16_384,
  rssPeakBytes: 2 ** 33,
  fds: 23,
  fdLimit: Number.POSITIVE_INFINITY,
  threads: 2,
  oomScoreAdj: -1_000,
  pidNamespace: 4_026_531_836,
  childrenUserNs: Number.NaN,
  childrenSystemNs: Number.NaN,
} as const;
const THREAD = {
  kind: 'thread-sample',
  at: OF.at,
  pid: 9,
  startedNs: 8,
  tid: 10,
  state: 'sleeping',
  used: USED,
} as const;

const IDLE = { kind: 'idle-sample', at: OF.at, pid: 11, startedNs: 2 ** 41 + 3 } as const;

const RECORDS: readonly RecordEvent[] = [
  { kind: 'fork', ...OF, parentPid: 1, parentStartedNs: 7, uid: 4_294_967_295, comm: 'sixteen-bytes-xx' },
  { kind: 'exec', ...OF, uid: 0, comm: 'sh', exe: 'dash', argv: Buffer.from('sh\0-c\0true\0') },
  { kind: 'exec', ...OF, uid: 0, comm: '', exe: '', argv: new Uint8Array(0) },
  { kind: 'exit', ...OF, status: 0x8b, reason: 'signal', lifetimeNs: 9e9, rssPeakBytes: 1, used: USED, comm: 'sh' },
  { kind: 'reap', ...OF, used: USED },
  { kind: 'storm', ...OF, scope: 'cgroup', forks: 101, windowNs: 250e6 },
  {
    kind: 'oom',
    ...OF,
    uid: 33,
    comm: 'hog',
    oomScoreAdj: -17,
    totalVmBytes: 1,
    anonymousBytes: 2,
    fileBytes: 3,
    sharedBytes: 4,
    pageTableBytes: 5,
  },
  { kind: 'cgroup-entered', ...OF, path: '/system.slice/nginx.service' },
  SAMPLE,
  THREAD,
  {
    kind: 'long-wait',
    ...OF,
    tid: 4_194_303,
    cpu: 511,
    waitedNs: 312e6,
    parts: [
      { owner: { kind: 'cgroup', id: 2 ** 40 + 1 }, pid: 77, ns: 293e6 },
      { owner: { kind: 'throttle', id: 9 }, pid: 0, ns: 2 ** 33 },
    ],
    restNs: 3,
  },
  {
    kind: 'waiting',
    ...OF,
    tid: 4_194_303,
    cpu: 511,
    waitedNs: 2 ** 40,
    owner: { kind: 'kernel', id: 3 },
    ownerPid: 15,
  },
  IDLE,
];

describe('a record, read in place', () => {
  for (const [index, record] of RECORDS.entries()) {
    it(`gives back the ${record.kind} that was written, number ${index}`, () => {
      const bytes = toBytes(record);

      const event = new Decoder(bytes).decode(0, sizeOfEvent(record));

      assert.deepEqual(membersOf(event), membersOf(record));
    });
  }

  it('is read into the same object as the one before of its kind', () => {
    const decoder = new Decoder(toBytes(SAMPLE));

    assert.equal(decoder.decode(0, sizeOfEvent(SAMPLE)), decoder.decode(0, sizeOfEvent(SAMPLE)));
  });
});

describe('names that anyone may choose', () => {
  it('are valid UTF-8 whatever bytes came', () => {
    const bytes = toBytes(SAMPLE);
    bytes.set([0x22, 0xff, 0xc3, 0x28, 0x0a, 0], LAYOUT.process_sample.fields.comm);

    const event = new Decoder(bytes).decode(0, bytes.length);

    assert.equal(event?.kind === 'process-sample' && event.comm, '"\u{fffd}\u{fffd}(\n');
  });

  it('end at the first NUL, for the ring is not wiped', () => {
    const bytes = toBytes({ ...SAMPLE, comm: 'sh\0garbage' });

    const event = new Decoder(bytes).decode(0, bytes.length);

    assert.equal(event?.kind === 'process-sample' && event.comm, 'sh');
  });

  it('are told apart when a hundred thousand came before', () => {
    const wrong: string[] = [];
    for (let index = 0; index < 100_000; index++) {
      const comm = `n${(index * 7_919) % 50_000}`;
      COMMS.set(Buffer.from(`${comm}\0`), LAYOUT.process_sample.fields.comm);
      const event = COMMS_DECODER.decode(0, COMMS.length);
      if (event?.kind !== 'process-sample' || event.comm !== comm) wrong.push(comm);
    }

    assert.deepEqual(wrong, []);
  });
});
const COMMS = toBytes(SAMPLE);
const COMMS_DECODER = new Decoder(COMMS);

describe('a record that cannot be read', () => {
  const exec: RecordEvent = { kind: 'exec', ...OF, uid: 0, comm: 'sh', exe: 'dash', argv: Buffer.from('sh\0') };
  const exit: RecordEvent = { ...RECORDS[3]!, kind: 'exit' } as RecordEvent;

  it('is counted by cause and gives no event', () => {
    const unknown = toBytes(exec);
    unknown[0] = 15;
    const oddReason = toBytes(exit);
    oddReason[LAYOUT.exit_event.fields.reason] = 4;
    const bytes = new Uint8Array([...unknown, ...toBytes(exec), ...oddReason]);
    const decoder = new Decoder(bytes);
    const second = unknown.length;

    const events = [
      decoder.decode(0, sizeOfEvent(exec)),
      decoder.decode(second, sizeOfEvent(exec) - 1),
      decoder.decode(second, 20),
      decoder.decode(bytes.length - 16, 64),
      decoder.decode(4, 64),
      decoder.decode(second * 2, sizeOfEvent(exit)),
    ];

    assert.deepEqual(
      [new Set(events), decoder.unreadable],
      [new Set([undefined]), { kind: 1, length: 3, value: 1, alignment: 1 }],
    );
  });

  it('of random bytes never throws', () => {
    const bytes = new Uint8Array(512);
    const decoder = new Decoder(bytes);
    let state = 23;
    for (let round = 0; round < 50_000; round++) {
      for (let index = 0; index < 64; index++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        bytes[state % 512] = state >>> 24;
      }
      bytes[0] = round % 20;
      bytes.fill(0, 1, 4);
      decoder.decode(0, (round % 64) * 8);
    }

    assert.ok(decoder.unreadable.length > 0);
  });

  it('is none when all is well', () => {
    const decoder = new Decoder(toBytes(exit));

    decoder.decode(0, sizeOfEvent(exit));

    assert.deepEqual(decoder.unreadable, { kind: 0, length: 0, value: 0, alignment: 0 });
  });
});

describe('samples back to back', () => {
  const many: RecordEvent[] = [SAMPLE, IDLE, THREAD, { ...SAMPLE, exe: '' }, { ...SAMPLE, exe: 'eight-by' }, THREAD];
  const bytes = new Uint8Array(Buffer.concat(many.map(toBytes)));

  it('are told in order, and all bytes are done with', () => {
    const seen: unknown[] = [];

    const consumed = decodeSamples(new Decoder(bytes), bytes.length, (event) => seen.push(membersOf(event)));

    assert.deepEqual([consumed, seen], [bytes.length, many.map(membersOf)]);
  });

  it('leave a tail that is not whole yet, wherever the read ended', () => {
    const wrong: number[] = [];
    for (let length = 0; length <= bytes.length; length++) {
      let count = 0;
      const consumed = decodeSamples(new Decoder(bytes), length, () => count++);
      let whole = 0;
      let end = 0;
      for (const event of many) {
        if (end + toBytes(event).length > length) break;
        end += toBytes(event).length;
        whole++;
      }
      if (consumed !== end || count !== whole) wrong.push(length);
    }

    assert.deepEqual(wrong, []);
  });

  it('end where something else begins, counted once', () => {
    const decoder = new Decoder(new Uint8Array(Buffer.concat([toBytes(THREAD), Buffer.alloc(256)])));
    let count = 0;

    const consumed = decodeSamples(decoder, 336, () => count++);

    assert.deepEqual([consumed, count, decoder.unreadable.kind], [336, 1, 1]);
  });
});

function membersOf(event: Event | undefined) {
  if (event === undefined) return undefined;
  const { argvStart, argvLength, ...members } = event as Event & { argvStart?: number; argvLength?: number };
  const argv = event.kind === 'exec' ? { argv: Buffer.from(event.argv).toString() } : {};
  const used = 'used' in event ? { used: { ...event.used } } : {};
  return { ...members, ...used, ...argv };
}
