/** Asks a server so often a second, over a few connections that stay open: `http-client.ts URL PER_SECOND SECONDS`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

const CONNECTIONS = 16;
const STEP_MS = 20;

const [, , address = '', perSecond = '', seconds = ''] = process.argv;
const { origin, pathname: path } = new URL(address);
const pool = new Pool(origin, { connections: CONNECTIONS });
const began = performance.now();
const total = Number(perSecond) * Number(seconds);

for (let sent = 0; sent < total; ) {
  const due = Math.min(total, ((performance.now() - began) / 1_000) * Number(perSecond));
  const asked = [];
  for (; sent < due; sent++) asked.push(ask());
  await Promise.all(asked);
  await sleep(STEP_MS);
}
await pool.close();

async function ask(): Promise<void> {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${address} answered ${statusCode}`);
}
