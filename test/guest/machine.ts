import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cwd, env } from 'node:process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { compileAhead } from './compiled.ts';
import { initramfs } from './initramfs.ts';
import { debianKernel, GuestUnavailable } from './kernel.ts';

const emulator = 'qemu-system-x86_64';
const memoryMiB = 3_072;
const consoleLimit = 16_384;
const nodePath = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

export interface GuestOptions {
  /** Which version of cgroups there is, alone. */
  readonly cgroups: 'v1' | 'v2';
  /** From boot to power off. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onStdout: (bytes: Buffer) => void;
  readonly onStderr: (bytes: Buffer) => void;
}

/** How the command ended: with a status, at the timeout, or not at all because the guest itself did not run to its end. */
export type GuestEnd =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'crash'; readonly console: string };

/** Why no guest can run here, or undefined when one can. May download the kernel, 70 MB, the first time. */
export async function guestUnavailable(): Promise<string | undefined> {
  try {
    await requireEmulator();
    await debianKernel();
    return undefined;
  } catch (fault) {
    if (fault instanceof GuestUnavailable) return fault.message;
    throw fault;
  }
}

/**
 * Boots Debian's kernel over the host's root (read-only, with an overlay that forgets) and runs `command` there,
 * as root, in the current directory. Throws {@link GuestUnavailable} where that cannot be.
 */
export async function runInGuest(command: readonly string[], options: GuestOptions): Promise<GuestEnd> {
  await requireEmulator();
  const kernel = await debianKernel();
  const folder = await mkdtemp(`${tmpdir()}/culprit-guest-`);
  try {
    return await boot(kernel.image, await initramfs(kernel, script(command, await compileAhead()), folder), options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function requireEmulator(): Promise<void> {
  await promisify(execFile)(emulator, ['--version']).catch(() => {
    throw new GuestUnavailable(`${emulator} is missing: install qemu-system-x86`);
  });
}

/** The guest starts from an empty environment: it gets ours where a test could depend on it. */
function script(command: readonly string[], compiled: string): string {
  const wanted = Object.entries(env).filter(([name]) => /^(HOME|LANG|TERM|NODE_\w+|CULPRIT_\w+)$/.test(name));
  const variables = [
    ...wanted,
    ['PATH', `${nodePath}:${env.PATH}`],
    ['CULPRIT_GUEST', '1'],
    ['NODE_COMPILE_CACHE', compiled],
  ];
  return [
    ...variables.map(([name, value]) => `export ${name}=${quote(value ?? '')}`),
    `cd ${quote(cwd())} || exit 125`,
    `exec ${command.map(quote).join(' ')}`,
    '',
  ].join('\n');
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function boot(image: string, archive: string, options: GuestOptions): Promise<GuestEnd> {
  const machine = spawn(emulator, [...machineArguments(image, archive, options.cgroups), ...portArguments()], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, console, complaints, stdout, stderr, status] = machine.stdio as [null, ...Readable[]];
  stdout?.on('data', options.onStdout);
  stderr?.on('data', options.onStderr);
  const said = tail(console, complaints);
  const ended = tail(status);

  let timedOut = false;
  const stop = () => machine.kill('SIGKILL');
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', stop);
  await new Promise((resolve) => machine.once('close', resolve));
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', stop);

  if (/^\d+\n$/.test(ended())) return { kind: 'exit', status: Number(ended()) };
  return timedOut ? { kind: 'timeout' } : { kind: 'crash', console: said() };
}

/** `tsc=reliable`: left to itself it finds our two emulated CPUs' counters apart, and asks a slow device for the time. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1 psi=1 tsc=reliable';

function machineArguments(image: string, archive: string, cgroups: string): string[] {
  return [
    ['-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', `${memoryMiB}`, '-smp', '2'],
    ['-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
    ['-kernel', image, '-initrd', archive, '-append', `${COMMAND_LINE} guest.cgroups=${cgroups}`],
    ['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
    ['-device', 'virtio-serial-pci'],
  ].flat();
}

/** File descriptors 3, 4 and 5 are socket pairs (node's pipes are); the guest sees each as a port with this name. */
function portArguments(): string[] {
  return ['stdout', 'stderr', 'status'].flatMap((name, index) => [
    ...['-chardev', `socket,id=${name},fd=${3 + index}`],
    ...['-device', `virtserialport,chardev=${name},name=${name}`],
  ]);
}

/** Keeps the last of what the streams say. */
function tail(...streams: readonly (Readable | undefined)[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-consoleLimit);
    });
  }
  return () => text;
}
