import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GNU_NAMES: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Compiles BPF C into an object's bytes. Debian keeps `asm/types.h` in a folder named after the machine. */
export function compileBpf(source: URL | string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
  const object = join(folder, 'program.bpf.o');
  const include = `/usr/include/${GNU_NAMES[process.arch] ?? process.arch}-linux-gnu`;
  const target = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', `-I${include}`];
  const input = typeof source === 'string' ? '-' : source.pathname;

  try {
    execFileSync('clang', [...target, '-x', 'c', '-c', input, '-o', object], {
      input: typeof source === 'string' ? source : '',
    });
    return readFileSync(object);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The object of `fixture.bpf.c`. */
export const compileFixture = (): Uint8Array => compileBpf(new URL('./fixture.bpf.c', import.meta.url));

/** A `__u32` as a map knows it. */
export const u32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer);

/** A `__u64` as a map knows it. */
export const u64 = (value: number): Uint8Array => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);

/** The first `__u64` in some bytes. */
export const asU64 = (bytes: Uint8Array): number => Number(Buffer.from(bytes).readBigUInt64LE());
