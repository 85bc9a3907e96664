import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultsOf } from '../../../src/core/detect/contract.ts';
import { DETECTORS } from '../../../src/core/detect/index.ts';
import { host } from './host.ts';
import { SCENES } from './scenes.ts';

const ROOT = join(import.meta.dirname, '../../..');
const UNITS = /(?:Seconds|Milliseconds|PerSecond|Ratio|Percent|Bytes)$/;
/** What is counted is named by what it is. */
const COUNTS = /^(?:forks|zombies|deaths|execs|processes|tasks|kills|doublings)$/;

const stems = globSync('src/core/detect/*.ts', { cwd: ROOT })
  .filter((path) => /export default detector\(/.test(readFileSync(join(ROOT, path), 'utf8')))
  .map((path) => basename(path, '.ts'))
  .sort();

describe('every detector', () => {
  it('is in the list, under the name of its file', () => {
    assert.deepEqual(
      DETECTORS.map(({ id }) => id),
      stems,
    );
  });

  it('has a test of its own, in which it is silent twice, and ends', () => {
    const lacking = stems.filter((stem) => {
      const text = read(`test/core/detect/${stem}.test.ts`);
      const silences = text.match(/it\([`'"](?:is silent|does not|counts two|stays)/g)?.length ?? 0;
      return silences < 2 || !/it\([`'"]ends /.test(text);
    });

    assert.deepEqual(lacking, []);
  });

  it('has a chapter in docs/detectors.md', () => {
    const page = read('docs/detectors.md');

    assert.deepEqual(
      stems.filter((stem) => !page.includes(`\n## ${stem}\n`)),
      [],
    );
  });

  it('has an alert, a test of it and a runbook', () => {
    const files = stems.flatMap((stem) => [`tests/${stem}.yaml`, `runbooks/${stem}.md`]);
    const rules = read('alerts/rules/detectors.yaml');

    assert.deepEqual(
      files.filter((file) => read(`alerts/${file}`) === ''),
      [],
    );
    assert.deepEqual(
      stems.filter((stem) => !rules.includes(`detector="${stem}"`)),
      [],
    );
  });

  it('has a scene in scenes.ts that makes it fire', () => {
    assert.deepEqual(Object.keys(SCENES).sort(), stems);
  });

  it('has a runbook without an empty heading', () => {
    const empty = DETECTORS.filter(({ runbook }) => {
      return Object.values(runbook).some((prose) => prose.trim().length < 20 || /TODO/.test(prose));
    });

    assert.deepEqual(
      empty.map(({ id }) => id),
      [],
    );
  });

  it('says the unit of each option at the end of its name, and what it is', () => {
    const nameless = DETECTORS.flatMap(({ id, options }) =>
      Object.entries(options)
        .filter(([name, { description }]) => !(UNITS.test(name) || COUNTS.test(name)) || description === '')
        .map(([name]) => `${id}: ${name}`),
    );

    assert.deepEqual(nameless, []);
  });

  it('has defaults within their bounds', () => {
    const outside = DETECTORS.flatMap(({ id, options }) =>
      Object.entries(options)
        .filter(([, { default: initial, minimum, maximum }]) => initial < minimum || initial > maximum)
        .map(([name]) => `${id}: ${name}`),
    );

    assert.deepEqual(outside, []);
  });
});

for (const detector of DETECTORS) {
  for (const [index, { thresholds, play }] of (SCENES[detector.id] ?? []).entries()) {
    describe(`${detector.id}, in its scene ${index + 1}`, () => {
      it('fires', () => {
        const linux = host(detector);

        play(linux);

        assert.deepEqual(
          linux.incidents.map(({ detector: id, evidence }) => [id, evidence.length > 0]),
          [[detector.id, true]],
        );
      });

      for (const threshold of thresholds) {
        it(`is silent when ${threshold} is doubled`, () => {
          const linux = host(detector, { options: { [threshold]: 2 * defaultsOf(detector)[threshold]! } });

          play(linux);

          assert.deepEqual(linux.told, []);
        });
      }

      it('has a threshold', () => assert.notDeepEqual(thresholds, []));
    });
  }
}

function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
