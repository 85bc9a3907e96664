import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Groups } from '../../../src/core/account/groups.ts';
import { collapse, kernelThreadName } from '../../../src/core/account/name.ts';
import type { GroupRule } from '../../../src/core/account/rules.ts';

const NAMES: readonly [exe: string, group: string][] = [
  ['nginx', 'nginx'],
  ['python3.11', 'python*'],
  ['worker-7', 'worker-*'],
  ['bzip2', 'bzip*'],
  ['job1', 'job*'],
  ['job10', 'job*'],
  ['app-1.2.3-45', 'app-*'],
  ['job-8e1f0c2a-1111-4222-8333-0123456789ab', 'job-*'],
  ['build_4f0c3a1b2d5e', 'build_*'],
  ['deadbeef', 'deadbeef'],
  ['12345', '*'],
  ['', '*'],
  ['~other', '_other'],
  ['a\nb', 'a?b'],
];

describe('a group, where no rule says otherwise', () => {
  for (const [exe, group] of NAMES) {
    it(`of ${JSON.stringify(exe)} is ${JSON.stringify(group)}`, () => {
      assert.equal(collapse(exe), group);
    });
  }

  it('of a kernel thread is what it is, not what it works on', () => {
    const comms = ['kworker/0:1-events', 'ksoftirqd/1', 'kthreadd', 'jbd2/sda1-8', 'irq/24-nvme', 'kswapd0', '/odd'];

    assert.deepEqual(comms.map(kernelThreadName), [
      'kworker',
      'ksoftirqd',
      'kthreadd',
      'jbd*',
      'irq',
      'kswapd*',
      '/odd',
    ]);
  });

  it('has at most 64 characters, none of them half', () => {
    const name = collapse(`${'x'.repeat(54)}${'🦀'.repeat(20)}`);

    assert.deepEqual([name.length <= 64, name.isWellFormed()], [true, true]);
  });
});

describe('rules', () => {
  it('name a group by the first that matches in full', () => {
    const rules = [
      { name: 'web', exe: /^nginx$/u, comm: /^worker/u },
      { name: 'server', exe: /^nginx$/u },
    ];

    assert.deepEqual(
      [named(rules, { exe: 'nginx', comm: 'worker 1' }), named(rules, { exe: 'nginx' })],
      ['web', 'server'],
    );
  });

  it('fill in what they found', () => {
    const rules = [{ name: 'java-{app}-{exe}', argv: /-jar (?<app>\w+)\.jar/u }];

    assert.equal(named(rules, { exe: 'java', argv: 'java\0-jar\0shop.jar\0' }), 'java-shop-java');
  });

  it('never make a label of a password', () => {
    const rules = [{ name: 'db-{rest}', argv: /^mysql (?<rest>.*)/u }];

    assert.equal(named(rules, { exe: 'mysql', argv: 'mysql\0-phunter2\0shop\0' }), 'db--p<redacted:7> shop');
  });

  it('look at the cgroup and at the group of the parent', () => {
    const rules = [
      { name: 'ci', cgroup: /runner/u },
      { name: 'cron-jobs', parent: /^cron$/u },
    ];

    assert.deepEqual(
      [named(rules, { cgroupPath: '/system.slice/runner.service' }), named(rules, { parentGroup: 'cron' })],
      ['ci', 'cron-jobs'],
    );
  });

  it('leave alone what they do not match', () => {
    assert.equal(named([{ name: 'web', exe: /^nginx$/u }], { exe: 'nginx2' }), 'nginx*');
  });

  it('cannot make a name of ours', () => {
    assert.equal(named([{ name: '{exe}', exe: /./u }], { exe: '~unseen' }), '_unseen');
  });
});

describe('more groups than there is room for', () => {
  it('are all ~other, and counted, until one closes', () => {
    const groups = new Groups({ rules: [], groupsMax: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((exe) => groups.of(suspect({ exe })));
    const full = [a!.name, b!.name, c!.name, groups.refused];
    groups.close(a!);

    assert.deepEqual([full, groups.of(suspect({ exe: 'c' })).name], [['a', 'b', '~other', 1], 'c']);
  });
});

interface Told {
  readonly comm?: string;
  readonly exe?: string;
  readonly argv?: string;
  readonly cgroupPath?: string;
  readonly parentGroup?: string;
}

function named(rules: readonly GroupRule[], told: Told): string {
  return new Groups({ rules, groupsMax: 10 }).of(suspect(told)).name;
}

function suspect({ comm = '', exe = 'exe', argv = '', cgroupPath = '', parentGroup = '' }: Told) {
  return { comm, exe, source: { argv: Buffer.from(argv) }, cgroupPath, parentGroup, isKernelThread: false };
}
