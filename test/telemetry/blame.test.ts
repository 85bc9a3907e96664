import assert from 'node:assert/strict';
import { it } from 'node:test';

import { behind, matrixOf, names, SECOND, stall } from '../core/blame/stalls.ts';
import { emptySheets } from './accounts.ts';
import { pageOf } from './render-page.ts';

const pageOfBlame = (...events: Parameters<ReturnType<typeof matrixOf>['observe']>[0][]) => {
  const matrix = matrixOf(names({ 1: 'api.service', 2: 'batch "b"' }));
  for (const event of events) matrix.observe(event);
  return pageOf({ sheets: { ...emptySheets(), blame: matrix.sheet } }).match(/^.*culprit_blame_stall.*$/gm);
};

it('the page tells who made whom wait, and leaves the offender out where it is nobody', () => {
  const page = pageOfBlame(behind(1, 2, 1.5 * SECOND), stall(1, 'hypervisor', SECOND / 4));

  assert.deepEqual(page, [
    '# HELP culprit_blame_stall_seconds_total Task-seconds that the victim waited while the offender held the resource, by cause; they add up to its run delay.',
    '# TYPE culprit_blame_stall_seconds_total counter',
    'culprit_blame_stall_seconds_total{victim="api.service",offender="batch \\"b\\"",resource="cpu",cause="neighbour",basis="measured"} 1.5',
    'culprit_blame_stall_seconds_total{victim="api.service",resource="cpu",cause="hypervisor",basis="measured"} 0.25',
  ]);
});

it('the page has no blame where nobody waited', () => {
  assert.equal(pageOfBlame(), null);
});
