import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FIELD, StatLine } from '../../../src/kernel/stat-line.ts';

const NUMBERS = '12 34 34 0 -1 4194560 100 0 7 0 250 130 11 22 20 0 3 0 5000 1000000 321 18446744073709551615';

function parse(text: string | Buffer): { comm: string; line: StatLine } | undefined {
  const bytes = Buffer.from(text);
  const line = new StatLine();

  return line.parse(bytes, bytes.length)
    ? { comm: bytes.toString('utf8', line.commStart, line.commEnd), line }
    : undefined;
}

describe('a line of /proc/PID/stat', () => {
  it('gives the numbers by their place in the manual', () => {
    const { line } = parse(`23 (cat) S ${NUMBERS}\n`)!;

    assert.equal(line.state, 'sleeping');
    assert.deepEqual(
      Object.values(FIELD).map((field) => line.fields[field]),
      [12, 4194560, 7, 250, 130, 11, 22, 3, 5000, 321],
    );
  });

  it('ends the name at the last bracket, whatever the name holds', () => {
    for (const comm of ['a) R 1 (b', ') S 1', '((((', 'x y\nz', '', ')']) {
      const parsed = parse(`23 (${comm}) D ${NUMBERS}\n`)!;

      assert.deepEqual(
        [parsed.comm, parsed.line.state, parsed.line.fields[FIELD.parent]],
        [comm, 'uninterruptible', 12],
      );
    }
  });

  it('takes a name that is not UTF-8', () => {
    const line = Buffer.concat([Buffer.from('23 ('), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(`) R ${NUMBERS}\n`)]);

    assert.equal(parse(line)!.comm, '\uFFFD\uFFFD(');
  });

  it('is refused when it is cut, empty or something else', () => {
    for (const text of ['', '23 (cat) S 1 2 3\n', 'no brackets at all', ')(']) assert.equal(parse(text), undefined);
  });

  it('ignores what an earlier, longer line left in the buffer', () => {
    const bytes = Buffer.from(`1 (a) S ${NUMBERS}\nleft) over`);

    assert.equal(new StatLine().parse(bytes, bytes.indexOf(10) + 1), true);
    assert.equal(new StatLine().parse(bytes, 12), false);
  });
});
