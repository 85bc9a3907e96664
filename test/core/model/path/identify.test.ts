import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identify } from '../../../../src/core/model/path/identify.ts';
import { CONTAINERS, MACHINES, NOBODYS, PODS, UNITS } from './paths.ts';

describe('a path of a cgroup', () => {
  for (const [path, name, kind, { isWhole = true, podUid, engine } = {}] of [...CONTAINERS, ...MACHINES, ...PODS]) {
    it(`is ${name} where it reads ${path.replaceAll(/([0-9a-f]{12})[0-9a-f]{52}/g, '$1…')}`, () => {
      const { workload, ...identity } = identify(path);

      assert.deepEqual(
        [workload.name, workload.kind, identity.isWhole, workload.podUid, workload.engine],
        [name, kind, isWhole, podUid, engine],
      );
    });
  }

  for (const [path, name, kind, { isWhole = true } = {}] of [...UNITS, ...NOBODYS]) {
    it(`is ${name} where it reads ${JSON.stringify(path)}`, () => {
      const { workload, ...identity } = identify(path);

      assert.deepEqual([workload, identity.isWhole], [{ kind, name }, isWhole]);
    });
  }

  it('has an id only where a container has one', () => {
    const ids = [...CONTAINERS, ...MACHINES, ...PODS, ...UNITS].map(([path]) => identify(path).workload.containerId);

    assert.deepEqual(
      ids.map((id) => id?.length),
      [
        ...CONTAINERS.map(([, , kind]) => (kind === 'container' ? 64 : undefined)),
        ...ids.slice(CONTAINERS.length).map(() => undefined),
      ],
    );
  });

  it('longer than any label is cut, and still not confused with another', () => {
    const [one, other] = ['a', 'b'].map((end) => identify(`/${'x'.repeat(300)}${end}`).workload.name);

    assert.deepEqual([one!.length, one === other], [120, false]);
  });
});
