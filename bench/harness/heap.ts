import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Live heap of a Node process in MB, after a full collection, through its inspector, which SIGUSR1 opens: nothing in the
 * watched program knows of it. One process at a time: the inspector's port is fixed.
 */
export async function heapMb(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl());
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  await call(socket, 1, 'HeapProfiler.collectGarbage');
  const { usedSize } = (await call(socket, 2, 'Runtime.getHeapUsage')) as { usedSize: number };
  socket.close();
  return usedSize / 1e6;
}

async function inspectorUrl(): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      const [target] = (await (await fetch('http://127.0.0.1:9229/json')).json()) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (tries === 199) throw new Error('the inspector does not answer', { cause: error });
    }
    await sleep(100);
  }
  throw new Error('the inspector has no target');
}

function call(socket: WebSocket, id: number, method: string): Promise<unknown> {
  return new Promise((resolve) => {
    const listen = ({ data }: MessageEvent) => {
      const reply = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (reply.id !== id) return;
      socket.removeEventListener('message', listen);
      resolve(reply.result);
    };
    socket.addEventListener('message', listen);
    socket.send(JSON.stringify({ id, method }));
  });
}
