import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request } from 'undici';

import { readRunbook } from '../../src/app/runbook-pages.ts';
import { DETECTORS } from '../../src/core/detect/index.ts';
import { listening } from './culprit.ts';

describe('GET /runbooks/:name', () => {
  it('answers with the page, on an address that others can reach too', async () => {
    const { url } = await listening({ runbook: async (name) => `# ${name}\n` }, { host: '0.0.0.0' });

    const { statusCode, headers, body } = await request(`${url}/runbooks/fork-storm`);

    assert.deepEqual(
      [statusCode, headers['content-type'], await body.text()],
      [200, 'text/markdown; charset=utf-8', '# fork-storm\n'],
    );
  });

  it('answers 404 where there is none, and asks for nothing that is no name', async () => {
    const asked: string[] = [];
    const runbook = async (name: string) => {
      asked.push(name);
      return undefined;
    };
    const { url } = await listening({ runbook });

    const statuses = await Promise.all(
      ['fork-storms', '..%2f..%2fpackage', 'A', '%00'].map(async (name) => {
        const { statusCode, body } = await request(`${url}/runbooks/${name}`);
        await body.dump();
        return statusCode;
      }),
    );

    assert.deepEqual([statuses, asked], [[404, 404, 404, 404], ['fork-storms']]);
  });

  it('has a page for each detector', async () => {
    const pages = await Promise.all(DETECTORS.map(({ id }) => readRunbook(id)));

    assert.deepEqual(
      DETECTORS.filter((_, index) => !/^## Mitigation$/m.test(pages[index] ?? '')).map(({ id }) => id),
      [],
    );
  });
});
