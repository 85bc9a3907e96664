import { uptime } from 'node:os';

import type { Engine } from '../core/engine/engine.ts';
import { forestOf, type GraphNode, graphOf } from '../core/engine/graph.ts';
import { listProcesses } from '../core/engine/list-processes.ts';
import { type ProcessRow, rowOf } from '../core/engine/process-row.ts';
import { stallBehind } from '../core/engine/stall-behind.ts';
import type { Process, ProcessId } from '../core/model/process.ts';
import type { Instant } from '../core/model/units.ts';
import { type GraphBounds, type ProcessesFound, type ProcessesQuery, QueryError, type Wanted } from '../http/index.ts';
import { workloadViews } from './workload-views.ts';

export interface ViewSources {
  readonly engine: Engine;
  readonly now: () => Instant;
  readonly wallOffsetMs: () => number;
  /** By uid. */
  readonly users: () => ReadonlyMap<number, string>;
  readonly degraded: () => readonly string[];
}

/** What the core knows of processes, with the names and times that people know. */
export function createViews({ engine, now, wallOffsetMs, users, degraded }: ViewSources) {
  function find({ pid, startedNs }: Wanted): Process | undefined {
    return startedNs === undefined ? engine.tree.latest(pid) : engine.tree.find({ pid, startedNs });
  }

  return {
    ...workloadViews({ engine, now, degraded }),

    processes(query: ProcessesQuery): ProcessesFound {
      const known = users();
      const uid = query.user === undefined ? undefined : uidOf(query.user, known);
      const { processes, ...list } = listProcesses(engine, { ...query, uid }, now());
      const dress = dresser(known);
      return { ...list, processes: processes.map(dress), degraded: [...degraded(), ...blindTo(query)] };
    },

    process(wanted: Wanted): object | undefined {
      const process = find(wanted);
      if (process === undefined) return undefined;
      const at = now();
      const row = rowOf(engine, process, stallBehind(engine, at), at);
      return { ...dresser(users())(row), ...detailsOf(engine, process, wallOffsetMs) };
    },

    graph(wanted: Wanted, bounds: GraphBounds): object | undefined {
      const process = find(wanted);
      if (process === undefined) return undefined;
      const { ancestors, ancestorsLeftOut, root } = graphOf(engine, process, bounds, now());
      const known = users();
      const above = ancestors.map(dresser(known));
      return { ancestors: above, ancestorsLeftOut, root: nodeDresser(known)(root), degraded: degraded() };
    },

    forest(bounds: GraphBounds): object {
      const roots = forestOf(engine, bounds, now()).map(nodeDresser(users()));
      return { roots, degraded: degraded() };
    },
  };

  /** Nobody is of a namespace where none is known: that is blindness, not an answer. */
  function blindTo({ namespace }: ProcessesQuery): string[] {
    const isKnown = engine.tree.live.some((process) => engine.accounts.workloadOf(process)?.namespace !== undefined);
    return namespace === undefined || isKnown ? [] : ['no Kubernetes namespace is known on this host'];
  }
}

/** Uptime counts what the host slept, as starts of processes do. */
function dresser(users: ReadonlyMap<number, string>) {
  const uptimeSeconds = uptime();
  const bootedMs = Date.now() - uptimeSeconds * 1_000;

  return <Row extends ProcessRow>(row: Row): object => ({
    ...row,
    startedAt: new Date(bootedMs + row.startedNs / 1e6).toISOString(),
    ageSeconds: Math.max(0, uptimeSeconds - row.startedNs / 1e9),
    user: users.get(row.uid) ?? null,
    group: row.group ?? null,
    workload: row.workload ?? null,
    parent: row.parent ?? null,
  });
}

function nodeDresser(users: ReadonlyMap<number, string>) {
  const dress = dresser(users);
  return function dressAll(node: GraphNode): object {
    return { ...dress(node), children: node.children.map(dressAll) };
  };
}

function detailsOf({ tree, accounts }: Engine, process: Process, wallOffsetMs: () => number): object {
  const { waiterPid, waiterStartedNs, rssPeakBytes, oomScoreAdj, pidNamespace, endedAt } = process;
  const { readBytes, writeBytes, majorFaults } = accounts.usageOf(process) ?? {};
  const waiter: ProcessId = { pid: waiterPid, startedNs: waiterStartedNs };

  return {
    waiter: waiterPid === 0 ? null : waiter,
    children: [...tree.children(process)].length,
    residentPeakBytes: rssPeakBytes,
    readBytes: readBytes ?? null,
    writeBytes: writeBytes ?? null,
    majorFaults: majorFaults ?? null,
    oomScoreAdj,
    pidNamespace,
    ended: Number.isNaN(endedAt) ? null : endOf(process, wallOffsetMs()),
  };
}

function endOf({ endedAt, exitReason, exitStatus }: Process, offsetMs: number): object {
  const signal = exitStatus & 0x7f;
  const isTold = exitReason !== undefined;
  return {
    at: new Date(endedAt + offsetMs).toISOString(),
    reason: exitReason ?? null,
    exitCode: isTold && signal === 0 ? (exitStatus >> 8) & 0xff : null,
    signal: isTold && signal !== 0 ? signal : null,
  };
}

/** A name wins over a number, as everywhere. */
function uidOf(user: string, users: ReadonlyMap<number, string>): number {
  for (const [uid, name] of users) if (name === user) return uid;
  if (/^\d{1,10}$/.test(user)) return Number(user);
  throw new QueryError(`user: expected a uid, or a name in the host's /etc/passwd; got ${JSON.stringify(user)}`);
}
