import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';

/** A server on a socket of its own, until it is disposed of. */
export async function serve(answer: RequestListener): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = mkdtempSync(`${tmpdir()}/culprit-socket-`);
  const path = `${folder}/engine.sock`;
  const server = createServer(answer).listen(path);
  await once(server, 'listening');

  return {
    path,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
