import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanLabel, labelPairs, quoteLabel } from '../../src/telemetry/label.ts';

describe('the value of a label', () => {
  it('is left alone when it is plain, whatever its script', () => {
    for (const plain of ['nginx', 'docker:4f0c3a1b2d5e', 'naïve café', '日本語', '🦊'])
      assert.equal(cleanLabel(plain), plain);
  });

  it('shows control characters as pictures of themselves, and marks that turn text around not at all', () => {
    assert.equal(cleanLabel('a\nb\tc\0d\x7f'), 'a␊b␉c␀d␡');
    assert.equal(cleanLabel('\u202egnp.exe\u0085'), '\ufffdgnp.exe\ufffd');
  });

  it('is valid Unicode even where half a character came', () => {
    assert.equal(cleanLabel('half \ud83e'), 'half \ufffd');
  });

  it('keeps 128 characters as they are, and of more so many that a hash still fits', () => {
    assert.equal(cleanLabel('x'.repeat(128)), 'x'.repeat(128));
    assert.match(cleanLabel('x'.repeat(4096)), /^x{119}~[0-9a-f]{8}$/);
  });

  it('is cut between characters, never within one', () => {
    const cut = cleanLabel('🦊'.repeat(100));

    assert.ok(cut.isWellFormed());
    assert.match(cut, /^(🦊){59}~[0-9a-f]{8}$/u);
  });

  it('stays different from another that differs only beyond the cut', () => {
    assert.notEqual(cleanLabel(`${'x'.repeat(200)}1`), cleanLabel(`${'x'.repeat(200)}2`));
  });
});

describe('labels on a page', () => {
  it('escape what would end them', () => {
    assert.equal(quoteLabel('say "hi"\\\n'), 'say \\"hi\\"\\\\\\n');
  });

  it('are absent when empty', () => {
    assert.equal(labelPairs(['group', 'workload', 'kind'], ['sh', '', 'host']), 'group="sh",kind="host"');
  });

  it('have each name once', () => {
    assert.equal(labelPairs(['a', 'a'], ['1', '2']), 'a="1"');
  });
});
