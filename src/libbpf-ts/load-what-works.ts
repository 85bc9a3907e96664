import { KernelError } from './error.ts';
import type { BpfObject } from './object.ts';

export interface WhatWorks {
  readonly object: BpfObject;
  /** Why the programs that are not in the kernel were refused, by program name. */
  readonly refused: ReadonlyMap<string, KernelError>;
}

/** A profiler's timer may interrupt the verifier for ever. */
const INTERRUPTIONS_MAX = 5;

/**
 * Loads an object without the programs that this kernel refuses.
 *
 * A refused load is final in libbpf, so `open` is called again after each refusal: it opens and configures, and must not load.
 * It is called again too when a signal came while the verifier looked (EAGAIN, for which libbpf itself tries a program only a few times
 * in a row): that says nothing about the program.
 * Throws when the refusal is not about one program (no privilege to create a map, no BTF).
 */
export function loadWhatWorks(open: () => BpfObject): WhatWorks {
  const refused = new Map<string, KernelError>();
  let interruptions = 0;

  for (;;) {
    const object = open();

    try {
      for (const program of refused.keys()) object.program(program).autoload = false;
      return { object: object.load(), refused };
    } catch (error) {
      object.close();
      if (!(error instanceof KernelError) || error.program === undefined || refused.has(error.program)) throw error;
      if (error.code === 'EAGAIN' && interruptions++ < INTERRUPTIONS_MAX) continue;
      refused.set(error.program, error);
    }
  }
}
