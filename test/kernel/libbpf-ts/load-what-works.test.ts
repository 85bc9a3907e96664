import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import koffi from 'koffi';
import { BpfObject, loadWhatWorks } from '../../../src/libbpf-ts/index.ts';
import { compileBpf } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

/** The verifier follows every turn of the loop: some 15 ms. */
const SLOW = `
  #include <linux/bpf.h>
  #include <bpf/bpf_helpers.h>
  char LICENSE[] SEC("license") = "GPL";
  __u64 sum;
  SEC("socket") int slow(void *context)
  {
  #pragma clang loop unroll(disable)
    for (int i = 0; i < 20000; i++)
      __sync_fetch_and_add(&sum, i);
    return 0;
  }`;

const ITIMER_REAL = 0;
const setitimer = koffi.load(null).func('int setitimer(int which, const int64_t *value, void *old)');

/** SIGALRM every so many microseconds, as a profiler would send; 0 ends it. */
const alarmEvery = (micros: number) =>
  setitimer(ITIMER_REAL, new BigInt64Array([0n, BigInt(micros), 0n, BigInt(micros)]), null);
const ignore = () => {};

describe('a load whose verifier is interrupted by signals', { skip: requirement('bpf', 'clang') }, () => {
  let bytes: Uint8Array;
  before(() => {
    bytes = compileBpf(SLOW);
    process.on('SIGALRM', ignore);
  });
  after(() => {
    alarmEvery(0);
    process.off('SIGALRM', ignore);
  });

  it('is done again, and refuses nothing', () => {
    let opened = 0;

    const { object, refused } = loadWhatWorks(() => {
      alarmEvery(opened++ === 0 ? 1_000 : 0);
      return BpfObject.open(bytes);
    });

    assert.deepEqual([opened, object.program('slow').loaded, [...refused.keys()]], [2, true, []]);
    object.close();
  });

  it('is not done again for ever', () => {
    alarmEvery(1_000);
    const { object, refused } = loadWhatWorks(() => BpfObject.open(bytes));
    alarmEvery(0);

    assert.deepEqual([object.program('slow').loaded, refused.get('slow')?.code], [false, 'EAGAIN']);
    object.close();
  });
});
