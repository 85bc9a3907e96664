import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './scratch.ts';

/** What an authority of our own signed: PEM for who serves, files for who calls. */
export interface Certificates {
  readonly ca: Buffer;
  readonly server: { readonly key: Buffer; readonly cert: Buffer };
  readonly files: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** By `openssl`: an authority that nobody else knows, and a server on 127.0.0.1 and a client that it vouches for. */
export function certificates(): Certificates {
  const folder = mkdtempSync(join(scratch, 'tls-'));
  const file = (name: string) => join(folder, name);
  const make = (name: string, ...more: readonly string[]) => {
    const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)];
    openssl(['req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...KEY, ...more, ...out]);
  };
  const signed = ['-CA', file('authority.pem'), '-CAkey', file('authority.key')];
  make('authority');
  make('server', ...signed, '-addext', 'subjectAltName=IP:127.0.0.1');
  make('client', ...signed);
  return {
    ca: readFileSync(file('authority.pem')),
    server: { key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) },
    files: { caFile: file('authority.pem'), certFile: file('client.pem'), keyFile: file('client.key') },
  };
}

function openssl(args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
}
