import type { Verdict } from '../outbox/verdict.ts';
import type { Signal } from './signal.ts';

/** An answer that can't be read is still one that says that the batch arrived: sending it again would only double it. */
export function arrived<Item>(signal: Signal<Item>, answer: Uint8Array | undefined): Verdict {
  try {
    return { kind: 'arrived', ...signal.decode(answer ?? new Uint8Array()) };
  } catch (error) {
    return { kind: 'arrived', rejected: 0, message: `its answer can't be read: ${error}` };
  }
}
