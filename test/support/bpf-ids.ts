import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export type BpfKind = 'prog' | 'link' | 'map';

/** Something in the kernel that a process holds open. */
export interface BpfId {
  readonly kind: BpfKind;
  readonly id: string;
}

/** What of BPF a process holds by its file descriptors. */
export function bpfIdsOf(pid: number): BpfId[] {
  const folder = `/proc/${pid}/fdinfo`;
  return readdirSync(folder).flatMap((fd) => idIn(readFileSync(`${folder}/${fd}`, 'latin1')) ?? []);
}

/** Those that the kernel still has. */
export function stillThere(ids: readonly BpfId[]): BpfId[] {
  const known = new Map((['prog', 'link', 'map'] as const).map((kind) => [kind, idsInKernel(kind)]));
  return ids.filter(({ kind, id }) => known.get(kind)?.has(id));
}

/** A link's file also names its program, so the link comes first. */
function idIn(fdinfo: string): BpfId | undefined {
  for (const kind of ['link', 'prog', 'map'] as const) {
    const id = new RegExp(`^${kind}_id:\\s*(\\d+)`, 'm').exec(fdinfo)?.[1];
    if (id !== undefined) return { kind, id };
  }
  return undefined;
}

function idsInKernel(kind: BpfKind): ReadonlySet<string> {
  const { stdout, stderr, status } = spawnSync('bpftool', ['--json', kind, 'show'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bpftool ${kind} show: ${stderr}`);
  return new Set((JSON.parse(stdout) as { id: number }[]).map(({ id }) => String(id)));
}
