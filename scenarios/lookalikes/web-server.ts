import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/support/port.ts';
import { scratch } from '../../test/support/scratch.ts';
import { lookalike } from '../scenario.ts';
import { Actor } from '../stage/actor.ts';

const SECONDS = 60;
const PER_SECOND = 500;
const CLIENT = join(import.meta.dirname, '../stage/http-client.ts');

export default lookalike({
  does: `nginx answers ${PER_SECOND} requests a second for a minute.`,
  needs: ['nginx'],
  async play(stage) {
    const folder = join(scratch, 'nginx');
    const port = await freePort();
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), 'x'.repeat(8_192));
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port));
    const server = stage.place({}, 'server');
    await Actor.start(server, ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']);
    await stage.script(`${process.execPath} ${CLIENT} http://127.0.0.1:${port}/index.html ${PER_SECOND} ${SECONDS}`);
  },
});

function configuration(folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
    user root;
    worker_processes auto;
    pid ${folder}/pid;
    error_log ${folder}/error.log;
    events {}
    http {
      access_log ${folder}/access.log;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
      server { listen 127.0.0.1:${port}; root ${folder}; }
    }`;
}
