import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutControls } from '../../../src/core/model/text.ts';
import { cleanLabel } from '../../../src/telemetry/label.ts';

const MARKS = ['\0', '\n', '\x7f', '\x85', '\u200e', '\u200f', '\u2028', '\u202a', '\u202e', '\u2066', '\u2069'];

describe('a name', () => {
  it('is the same as another that differs only in what nobody sees', () => {
    assert.deepEqual([...new Set(MARKS.map((mark) => withoutControls(`a${mark}b`)))], ['a?b']);
  });

  it('is its own label: what is left in it no label changes, so that two names are two series', () => {
    const names = [...MARKS, 'é', '🦊', '\ud83e'].map((mark) => withoutControls(`a${mark}b`));

    assert.deepEqual(names.map(cleanLabel), names);
  });
});
