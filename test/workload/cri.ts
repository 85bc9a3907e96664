import { join } from 'node:path';
import {
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { scratch } from '../support/scratch.ts';

/** Our part of it. */
export const definitions: PackageDefinition = loadSync(join(import.meta.dirname, 'cri.proto'), {
  keepCase: true,
  longs: Number,
  defaults: true,
});
const runtime = (loadPackageDefinition(definitions).runtime as GrpcObject).v1 as GrpcObject;

/** CRI, from the side of who calls it and of who answers. */
export const RuntimeService = runtime.RuntimeService as ServiceClientConstructor;

let servers = 0;

/** A runtime that has these methods, on a socket of its own. */
export async function serveCri(methods: UntypedServiceImplementation) {
  const path = join(scratch, `cri-${++servers}.sock`);
  const server = new Server();
  server.addService(RuntimeService.service, methods);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return { path, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}
