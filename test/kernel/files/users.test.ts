import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readUsers } from '../../../src/kernel/users.ts';
import { scratch } from '../../support/scratch.ts';

describe('users of the host', () => {
  it('have the names of /etc/passwd, of two with one uid the first', () => {
    const root = join(scratch, 'users');
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nwww-data:x:33:33\n+nis\n:x::\nbad:x:-1:0:\n',
    );

    assert.deepEqual(
      [...readUsers(root)],
      [
        [0, 'root'],
        [33, 'www-data'],
      ],
    );
  });

  it('have none where there is no such file', () => {
    assert.deepEqual([...readUsers('/nowhere')], []);
  });
});
