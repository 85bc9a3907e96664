import koffi from 'koffi';

/** An address in this process; C's NULL is `null`. */
export type Pointer = bigint;

/** Memory that a C function reads or writes in place: nothing is copied on the way. */
export type Memory = Uint8Array | BigUint64Array | Uint32Array;

/** Binds functions of a shared library by their C prototypes. The shape is the caller's word: C carries no types. */
export function bind<Functions extends object>(
  library: string | null,
  prototypes: Readonly<Record<keyof Functions, string>>,
): Functions {
  const handle = koffi.load(library);

  return Object.fromEntries(
    Object.entries<string>(prototypes).map(([name, prototype]) => [name, handle.func(prototype)]),
  ) as Functions;
}

/** The errno of the last foreign call; read it before anything else happens. */
export const lastErrno = (): number => koffi.errno();

/** A view of foreign memory. Call `disown` on it before the memory goes away. */
export const viewOf = (pointer: Pointer, lengthBytes: number): ArrayBuffer => koffi.view(pointer, lengthBytes);

/**
 * Cuts a view from its memory: every array over it becomes empty.
 *
 * A view of unmapped memory kills the process at the next read; a detached one reads `undefined`.
 */
export function disown(view: ArrayBuffer): void {
  view.transfer(0);
}

/** The C string at `pointer`. */
export const textAt = (pointer: Pointer): string => koffi.decode.string(pointer);
