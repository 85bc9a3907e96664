import { type Client, credentials } from '@grpc/grpc-js';
import { RuntimeService } from '../workload/cri.ts';

export type Answer = Readonly<Record<string, string>>;
type Method = (request: object, reply: (error: Error | null, answer: Answer) => void) => void;

/** A runtime of Kubernetes, asked by CRI as a kubelet asks. */
export class Runtime {
  readonly #client: Client;

  constructor(socket: string) {
    this.#client = new RuntimeService(`unix:${socket}`, credentials.createInsecure());
  }

  call(method: string, request: object): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const methods = this.#client as unknown as Record<string, Method>;
    methods[method]!(request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    return promise;
  }

  close(): void {
    this.#client.close();
  }
}
