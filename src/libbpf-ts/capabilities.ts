import { readdirSync, readFileSync } from 'node:fs';
import { KernelError } from './error.ts';
import { lastErrno } from './foreign.ts';
import { libc } from './libc.ts';

/** Names by bit, as in `linux/capability.h`. */
// biome-ignore format: a list to read at a glance
export const CAPABILITIES = [
  'CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID',
  'CAP_SETPCAP', 'CAP_LINUX_IMMUTABLE', 'CAP_NET_BIND_SERVICE', 'CAP_NET_BROADCAST', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_IPC_LOCK',
  'CAP_IPC_OWNER', 'CAP_SYS_MODULE', 'CAP_SYS_RAWIO', 'CAP_SYS_CHROOT', 'CAP_SYS_PTRACE', 'CAP_SYS_PACCT', 'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT', 'CAP_SYS_NICE', 'CAP_SYS_RESOURCE', 'CAP_SYS_TIME', 'CAP_SYS_TTY_CONFIG', 'CAP_MKNOD', 'CAP_LEASE',
  'CAP_AUDIT_WRITE', 'CAP_AUDIT_CONTROL', 'CAP_SETFCAP', 'CAP_MAC_OVERRIDE', 'CAP_MAC_ADMIN', 'CAP_SYSLOG', 'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND', 'CAP_AUDIT_READ', 'CAP_PERFMON', 'CAP_BPF', 'CAP_CHECKPOINT_RESTORE',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** What one thread may do. */
export interface ThreadCapabilities {
  readonly thread: number;
  readonly effective: ReadonlySet<Capability>;
}

/** What the calling thread, in practice the main one, may do. */
export function effectiveCapabilities(): ReadonlySet<Capability> {
  return capabilitiesIn(readFileSync('/proc/thread-self/status', 'utf8'));
}

/** What each thread of this process may do, measured: V8 and libuv have threads of their own. */
export function threadCapabilities(): ThreadCapabilities[] {
  return readdirSync('/proc/self/task').map((thread) => ({
    thread: Number(thread),
    effective: capabilitiesIn(readFileSync(`/proc/self/task/${thread}/status`, 'utf8')),
  }));
}

/**
 * Gives up every capability but `keep`, in the calling thread and those it starts later, for good.
 *
 * Linux capabilities belong to threads, and no thread can change another's: those that V8 started with the process keep theirs.
 * The result says which. Where that is too weak, call `leaveRoot`, or start the process without them (`setpriv`, systemd's
 * `CapabilityBoundingSet=`). Files owned by root stay open to user 0 whatever it drops.
 */
export function dropCapabilities(keep: readonly Capability[]): ThreadCapabilities[] {
  const kept = maskOf(keep) & permittedMask();

  dropBounding(kept);
  setCapabilities(kept);
  return threadCapabilities().filter(({ effective }) => [...effective].some((each) => !keep.includes(each)));
}

/**
 * Becomes another user in every thread, for good; the calling thread, and those that it starts later, keep `keep`, all others nothing.
 *
 * Changing users is the one thing that the C library does in all threads at once, and the kernel empties a thread's capabilities
 * when it leaves user 0. Throws `KernelError` without CAP_SETUID and CAP_SETGID.
 */
export function leaveRoot(user: { readonly uid: number; readonly gid: number }, keep: readonly Capability[]): void {
  const { uid, gid } = user;
  const kept = maskOf(keep) & permittedMask();

  if (uid === 0) throw new RangeError('user 0 is root: name another');
  expectZero('keep capabilities over a change of user', libc().prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  dropBounding(kept);
  expectZero('leave the groups', libc().setgroups(0, null));
  expectZero(`become group ${gid}`, libc().setresgid(gid, gid, gid));
  expectZero(`become user ${uid}`, libc().setresuid(uid, uid, uid));
  setCapabilities(kept);
  // A change of user hands /proc/self to root, as after a set-user-id exec; a process started as that user owns its own.
  expectZero('own /proc/self', libc().prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

const PR_SET_DUMPABLE = 4;
const PR_SET_KEEPCAPS = 8;
const PR_CAPBSET_READ = 23;
const PR_CAPBSET_DROP = 24;

/** What a later exec could gain again. Without CAP_SETPCAP that stays as it is. */
function dropBounding(kept: bigint): void {
  if ((permittedMask() & maskOf(['CAP_SETPCAP'])) === 0n) return;
  for (let bit = 0; libc().prctl(PR_CAPBSET_READ, bit, 0, 0, 0) >= 0; bit += 1) {
    if (((kept >> BigInt(bit)) & 1n) === 0n) libc().prctl(PR_CAPBSET_DROP, bit, 0, 0, 0);
  }
}

/** `_LINUX_CAPABILITY_VERSION_3`: two words each of effective, permitted and inheritable. */
const header = () => new Uint32Array([0x2008_0522, 0]);

function permittedMask(): bigint {
  const sets = new Uint32Array(6);

  expectZero('read the capabilities', libc().capget(header(), sets));
  return BigInt(sets[1]!) | (BigInt(sets[4]!) << 32n);
}

function setCapabilities(mask: bigint): void {
  const [low, high] = [Number(mask & 0xffff_ffffn), Number(mask >> 32n)];

  expectZero('drop capabilities', libc().capset(header(), new Uint32Array([low, low, 0, high, high, 0])));
}

function maskOf(names: readonly Capability[]): bigint {
  return names.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES.indexOf(name))), 0n);
}

function capabilitiesIn(status: string): ReadonlySet<Capability> {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);

  return new Set(CAPABILITIES.filter((_, bit) => ((mask >> BigInt(bit)) & 1n) === 1n));
}

function expectZero(action: string, status: number): void {
  if (status !== 0)
    throw new KernelError(action, lastErrno(), { advice: 'it takes CAP_SETUID, CAP_SETGID or what is kept' });
}
