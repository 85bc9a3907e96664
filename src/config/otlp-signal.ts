import { SAME, type SignalName } from './otlp-schema.ts';
import type { Config } from './schema.ts';

type Otlp = Config['otlp'];

/** What holds for one signal: its own, where it has that, and else what all have. */
export interface SignalPush extends Pick<Otlp, 'endpoint' | 'protocol' | 'headers' | 'timeoutSeconds' | 'compression'> {
  /** The full URL for this signal; empty where it is made of the endpoint. */
  readonly ownEndpoint: string;
  readonly insecure: boolean;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Undefined when the signal is not pushed. */
export function signalPush(otlp: Otlp, name: SignalName): SignalPush | undefined {
  const own = otlp[name];
  if (!own.enabled || (own.endpoint === '' && otlp.endpoint === '')) return undefined;
  const { certFile, keyFile } = own.certFile === '' && own.keyFile === '' ? otlp : own;

  return {
    endpoint: otlp.endpoint,
    ownEndpoint: own.endpoint,
    protocol: own.protocol === SAME ? otlp.protocol : own.protocol,
    headers: trimmed({ ...otlp.headers, ...own.headers }),
    timeoutSeconds: own.timeoutSeconds === 0 ? otlp.timeoutSeconds : own.timeoutSeconds,
    compression: own.compression === SAME ? otlp.compression : own.compression,
    insecure: otlp.insecure,
    caFile: own.caFile || otlp.caFile,
    certFile,
    keyFile,
  };
}

function trimmed(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]));
}
