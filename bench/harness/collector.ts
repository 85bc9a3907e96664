import { grpcCollector, type Collector as Receiver } from '../../test/support/collector.ts';

/** A gRPC collector that takes what it is sent, and counts. */
export class Collector {
  readonly url: string;
  readonly #receiver: Receiver;

  private constructor(receiver: Receiver) {
    this.#receiver = receiver;
    this.url = receiver.endpoint;
  }

  static async start(): Promise<Collector> {
    return new Collector(await grpcCollector());
  }

  /** Pushes that arrived. */
  get exports(): number {
    return this.#receiver.requests.length;
  }

  /** Those of traces and of logs. */
  get incidents(): number {
    return Math.min(this.#receiver.traces.length, this.#receiver.logs.length);
  }

  stop(): void {
    this.#receiver.close();
  }
}
