import { readFileSync } from 'node:fs';
import type { Metadata } from '@grpc/grpc-js';

/** Where and how one signal is pushed, resolved; empty strings are absent. */
export interface OtlpOptions {
  /** `http://collector:4317`, a base for all signals; without a scheme TLS, unless `insecure`. */
  readonly endpoint: string;
  /** The full URL for this signal, where it is not made of the endpoint. */
  readonly ownEndpoint: string;
  readonly protocol: 'grpc' | 'http/protobuf';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly compression: 'none' | 'gzip';
  readonly insecure: boolean;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** The URL of a signal; `path` is where it lives by HTTP, `v1/metrics`. */
export function urlOf({ endpoint, ownEndpoint, protocol, insecure }: OtlpOptions, path: string): URL {
  const given = ownEndpoint || endpoint;
  const url = new URL(/^\w+:\/\//.test(given) ? given : `${insecure ? 'http' : 'https'}://${given}`);
  const isWhole = ownEndpoint !== '' || protocol === 'grpc' || url.pathname.endsWith(`/${path}`);
  return isWhole ? url : new URL(`${url.href.replace(/\/+$/, '')}/${path}`);
}

/** gRPC's headers. Its library, which quotes what it refuses, is loaded by whoever needs it; a header may be a secret. */
export function metadataOf(headers: OtlpOptions['headers'], metadata: Metadata): Metadata {
  for (const [name, value] of Object.entries(headers)) {
    try {
      metadata.set(name, value);
    } catch {
      throw new Error(`gRPC can't carry the header ${name}`);
    }
  }
  return metadata;
}

/** Certificates as they are on disk now. Throws when one can't be read. */
export function filesOf({ caFile, certFile, keyFile }: OtlpOptions): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  return {
    ...(caFile !== '' && { ca: readFileSync(caFile) }),
    ...(certFile !== '' && { cert: readFileSync(certFile) }),
    ...(keyFile !== '' && { key: readFileSync(keyFile) }),
  };
}
