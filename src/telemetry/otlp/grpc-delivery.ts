import {
  Client,
  type ClientUnaryCall,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { Delivery } from '../outbox/outbox.ts';
import { grpcVerdict, type Verdict } from '../outbox/verdict.ts';
import { filesOf, metadataOf, type OtlpOptions, urlOf } from './connection.ts';
import { arrived } from './receipt.ts';
import { retryDelayMs } from './retry-info.ts';
import type { Signal } from './signal.ts';

const identity = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Delivers by gRPC, each try in bounded time.
 *
 * After a failure the next try is by a new connection: the old one would keep its own back-off, up to two minutes of it, and go on
 * looking for the collector between our tries. Throws when a certificate can't be read.
 */
export function grpcDelivery<Item>(signal: Signal<Item>, options: OtlpOptions): Delivery<Item> {
  const { host, protocol } = urlOf(options, signal.path);
  const { ca, cert, key } = filesOf(options);
  const security =
    protocol === 'http:' ? credentials.createInsecure() : credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
  const { gzip, identity: plain } = compressionAlgorithms;
  const channel = {
    'grpc.default_compression_algorithm': options.compression === 'gzip' ? gzip : plain,
    'grpc.use_local_subchannel_pool': 1,
  };
  const metadata = metadataOf(options.headers, new Metadata());
  const calls = new Set<ClientUnaryCall>();
  let client: Client | undefined;

  function failed({ code, details, metadata: trailer }: ServiceError): Verdict {
    client?.close();
    client = undefined;
    const [detail] = trailer.get('grpc-status-details-bin');
    const delay = retryDelayMs(detail instanceof Uint8Array ? detail : undefined);
    return grpcVerdict(code, `${status[code]}: ${details}`, delay);
  }

  return {
    async deliver(items) {
      client ??= new Client(host, security, channel);
      const call = [signal.method, identity, identity, signal.encode([...items]), metadata] as const;
      const deadline = Date.now() + options.timeoutSeconds * 1e3;
      const { promise, resolve } = Promise.withResolvers<Verdict>();
      const running = client.makeUnaryRequest(...call, { deadline }, (error, answer) =>
        resolve(error === null ? arrived(signal, answer) : failed(error)),
      );
      calls.add(running);
      return await promise.finally(() => calls.delete(running));
    },
    close() {
      // A client that is closed lets its calls go on.
      for (const call of calls) call.cancel();
      client?.close();
    },
  };
}
