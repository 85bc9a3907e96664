import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { maskArguments, maskSecrets } from '../../../src/core/model/secrets.ts';

describe('a text with a secret in it', () => {
  for (const [text, masked] of [
    ['https://bot:hun@ter/2@git.example/repo', 'https://<redacted:13>@git.example/repo'],
    ['https://api.example/v1?key=1&b=2', 'https://api.example/v1?<redacted:9>'],
    ['--db-password=hunter2 and more', '--db-password=<redacted:16>'],
    ['TOKEN="hunter2"', 'TOKEN=<redacted:9>'],
    ['{"api_key": "hunter2"}', '{"api_key": <redacted:10>'],
    ['Authorization: Basic aGk6aGk=', 'Authorization: <redacted:14>'],
    ['bearer hunter2 x', 'bearer <redacted:7> x'],
    ['run with xoxb-1234567-abcdef', 'run with <redacted:19>'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- rest', '<redacted:65> rest'],
  ] as const) {
    it(`loses it, and no more: ${text}`, () => {
      assert.equal(maskSecrets(text), masked);
    });
  }

  for (const text of [
    'celery worker -Q images --concurrency=4',
    'https://api.example/v1/images',
    '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main',
    '--max-old-space-size=4096',
    'kubelet --pod-infra-container-image=registry.k8s.io/pause',
  ]) {
    it(`has none, and stays: ${text}`, () => {
      assert.equal(maskSecrets(text), text);
    });
  }
});

describe('arguments', () => {
  it('lose what the flag before them makes a secret, spaces and all', () => {
    assert.deepEqual(maskArguments(['app', '--secret', 'two words', 'next', '--passphrase']), [
      'app',
      '--secret',
      '<redacted:9>',
      'next',
      '--passphrase',
    ]);
  });

  it('lose what is glued to the flag of a program that takes a password there, and only there', () => {
    assert.deepEqual(maskArguments(['/usr/bin/mysql', '-uroot', '-phunter2', '-p', 'x']), [
      '/usr/bin/mysql',
      '-uroot',
      '-p<redacted:7>',
      '-p',
      '<redacted:1>',
    ]);
    assert.deepEqual(maskArguments(['nginx', '-p', '/srv']), ['nginx', '-p', '/srv']);
  });
});
