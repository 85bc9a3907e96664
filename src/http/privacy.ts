import { BlockList, isIP } from 'node:net';

import type { FastifyRequest } from 'fastify';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Why a private route does not answer this request, or nothing.
 *
 * There are no credentials yet, so the loopback address is the fence. A browser on this host would carry a web page over it,
 * by a form or by a name that resolves to us; such requests name a foreign origin or host.
 */
export function refusal(request: FastifyRequest, listening: string): string | undefined {
  const { host = '', origin } = request.headers;

  if (!isLoopback(listening)) {
    return `listening on ${listening}, which others can reach: only /metrics and health are served there; listen on 127.0.0.1 for the rest`;
  }
  if (!isOwnName(host))
    return `the host ${JSON.stringify(host)} is not an address of this machine; ask for 127.0.0.1 or localhost`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `a page of ${JSON.stringify(origin)} may not ask this`;
  return undefined;
}

function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name.toLowerCase() === 'localhost' || isIP(name) !== 0;
}
