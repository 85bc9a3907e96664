import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ResourceOptions, resourceAttributes } from '../../src/telemetry/resource.ts';

function resource(options: Partial<ResourceOptions> = {}) {
  const host = {
    hostName: 'db-1',
    hostId: '6f1c',
    arch: 'x64',
    kernelRelease: '6.18.1',
    osDescription: 'Debian GNU/Linux 12',
  };
  return resourceAttributes({ version: '0.1.0', host, attributes: {}, ...options });
}

describe('the resource', () => {
  it('says what runs, where, and on what', () => {
    const { 'service.instance.id': instance, ...others } = resource();

    assert.deepEqual(others, {
      'service.name': 'culprit',
      'service.version': '0.1.0',
      'host.name': 'db-1',
      'host.id': '6f1c',
      'host.arch': 'amd64',
      'os.type': 'linux',
      'os.description': 'Debian GNU/Linux 12',
      'os.version': '6.18.1',
    });
    assert.match(instance!, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is the same after a restart, and another on the same host has another id', () => {
    const id = (instance: string) => resource({ instance })['service.instance.id'];

    assert.equal(id(':9464'), id(':9464'));
    assert.notEqual(id(':9464'), id(':9465'));
  });

  it('is what the configuration says, where that says anything', () => {
    const configured = resource({ attributes: { 'service.name': 'two', 'deployment.environment.name': 'prod' } });

    assert.deepEqual([configured['service.name'], configured['deployment.environment.name']], ['two', 'prod']);
  });

  it('has no attribute of which nothing is known, and none of the process', () => {
    const host = { hostName: 'db-1', hostId: '', arch: 's390x', kernelRelease: '', osDescription: '' };
    const names = Object.keys(resource({ host }));

    assert.deepEqual(
      names.filter((name) => /host\.id|os\.[dv]|process/.test(name)),
      [],
    );
  });
});
